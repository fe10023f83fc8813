/**
 * What is known of an image before it is decoded: a line of a list.
 *
 * Data sets are read into records, records are split, and a source reads the images of its records.
 */
export interface ImageRecord {
  /** Where the image is, relative to the root of its data set, with forward slashes. */
  readonly path: string;
  /** Names the image in results and reports; its path unless given. Never a patient's identifier. */
  readonly id?: string;
  /** 0 = normal, 1 = known anomaly. */
  readonly label?: 0 | 1;
  /** Patient key; see `patientKeys`. */
  readonly patient?: string;
  readonly study?: string;
  /** What the list says is to be seen, such as ['Effusion']; empty for a normal image. */
  readonly findings?: readonly string[];
  /** 'AP', 'PA', 'LATERAL', ... as the list says it. */
  readonly view?: string;
  readonly bodyPart?: string;
  readonly laterality?: 'L' | 'R';
  /** Of the patient, in years. */
  readonly age?: number;
  readonly sex?: 'F' | 'M';
  /** Pixels of the picture as it was taken, where the list tells: images may all have been brought to one size since. */
  readonly originalSize?: { readonly height: number; readonly width: number };
  /** The part that the list itself assigns: 'train', 'test', ... */
  readonly part?: string;
}
