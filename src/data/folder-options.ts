import type { ImageRecord } from '../records/image-record.js';
import type { SaladWarning } from '../support/warning.js';
import type { FolderSummary } from './folder-summary.js';

/** Which files of a folder are images, and what labels they have. */
export interface FolderOptions {
  /**
   * The label of the images in each folder, at any level and in any letter case, such as `{ healthy: 0, 'test/broken': 1 }`; every
   * image must then lie in one of these. A function gives the label of the image at a path, undefined where it has none.
   * `false`: folders give no labels.
   *
   * @defaultValue by names such as normal, good, healthy, abnormal, broken and pneumonia, and by a folder of normal images beside
   * them; without labels where no folder has such a name
   */
  readonly labels?: Readonly<Record<string, 0 | 1>> | ((path: string) => 0 | 1 | undefined) | false;
  /**
   * The part of a split whose images are taken, where folders such as train, val and test divide the images.
   *
   * @defaultValue the images of all parts, and of none
   */
  readonly part?: 'train' | 'validation' | 'test';
  /**
   * Whether the file at a path, relative to the folder, is an image. Hidden files never are.
   *
   * @defaultValue files with the extension of an image, or with none
   */
  readonly accept?: (path: string) => boolean;
  /**
   * Called with what is doubtful about the labels, such as folders that look like classes and were not used.
   *
   * @defaultValue none: `summary.warnings` has it
   */
  readonly onWarning?: (warning: SaladWarning) => void;
}

/** What a folder holds. */
export interface FolderRecords {
  /** A record for each image, by path, in the order of UTF-16 code units: the same on every file system. */
  readonly records: readonly ImageRecord[];
  /** Paths of the files that are not taken for images, hidden ones apart. */
  readonly ignored: readonly string[];
  /** What was understood of the folder, to be read before training. */
  readonly summary: FolderSummary;
}

/** The names of these options, for the check of unknown ones. */
export const folderOptions: Readonly<Record<keyof FolderOptions, true>> = {
  labels: true,
  part: true,
  accept: true,
  onWarning: true,
};
