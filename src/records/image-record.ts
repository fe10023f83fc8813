import { checkObjects } from '../support/check.js';

/**
 * What is known of an image before it is decoded: a line of a list.
 *
 * Data sets are read into records, records are split, and a source reads the images of its records. What is not known is absent.
 *
 * @example
 * const record: ImageRecord = { path: 'films/a.png', label: 0, patient: 'p17', view: 'PA', age: 58 };
 */
export interface ImageRecord {
  /** Where the image is, relative to the root of its data set, with forward slashes. */
  readonly path: string;
  /**
   * Names the image in results and reports; never a patient's identifier.
   * @defaultValue the path
   */
  readonly id?: string;
  /** 0 = normal, 1 = known anomaly; absent where not known. */
  readonly label?: 0 | 1;
  /** Patient key, see `patientKeys`; absent where not known. */
  readonly patient?: string;
  /** Key of the study that the image belongs to; equal for the images of one study of one patient; absent where not known. */
  readonly study?: string;
  /** The findings that the list names, such as ['Effusion']; empty for a normal image; absent where not known. */
  readonly findings?: readonly string[];
  /** The direction of the beam as the list spells it, 'AP', 'PA' or 'LATERAL' for example; absent where not known. */
  readonly view?: string;
  /** The body part as the list spells it, such as 'HAND'; absent where not known. */
  readonly bodyPart?: string;
  /** The side of the body, left or right; absent where not known. */
  readonly laterality?: 'L' | 'R';
  /** Age of the patient, in years; absent where not known. */
  readonly age?: number;
  /** Sex of the patient; absent where not known. */
  readonly sex?: 'F' | 'M';
  /** Size in pixels as the image was taken; the files of a set may all have been brought to one size since. Absent where not known. */
  readonly originalSize?: {
    /** In pixels. */
    readonly height: number;
    /** In pixels. */
    readonly width: number;
  };
  /** The part of the split that the list itself assigns, 'train' or 'test' for example; absent where it assigns none. */
  readonly part?: string;
  /** Boxes around what is abnormal, in pixels from the upper left corner; empty where there is nothing abnormal to see; absent where nobody drew any. */
  readonly boxes?: readonly {
    /** Left edge. */
    readonly x: number;
    /** Upper edge. */
    readonly y: number;
    /** From left to right. */
    readonly width: number;
    /** From top to bottom. */
    readonly height: number;
  }[];
}

/** A list of records, or INVALID_OPTION. */
export function checkRecords(where: string, name: string, records: readonly ImageRecord[]): void {
  checkObjects(where, name, records, 'a record with path', ['path']);
}
