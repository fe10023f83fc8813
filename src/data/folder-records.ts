import type { ImageRecord } from '../records/image-record.js';
import { check } from '../support/check.js';
import { SaladError } from '../support/errors.js';

/** Which files of a folder are images, and what labels they have. */
export interface FolderOptions {
  /**
   * The label of the images in each first folder, such as `{ healthy: 0, fracture: 1 }`; every
   * image must then lie in one of these. `false`: folders give no labels.
   *
   * @defaultValue `{ normal: 0, abnormal: 1 }` where there is a folder of one of these names, else `false`
   */
  readonly labels?: Readonly<Record<string, 0 | 1>> | false;
  /**
   * Whether the file at a path, relative to the folder, is an image. Hidden files never are.
   *
   * @defaultValue files with the extension of an image, or with none
   */
  readonly accept?: (path: string) => boolean;
}

/** What a folder holds. */
export interface FolderRecords {
  /** A record for each image, by path, in the order of UTF-16 code units: the same on every file system. */
  readonly records: readonly ImageRecord[];
  /** Paths of the files that are not taken for images, hidden ones apart. */
  readonly ignored: readonly string[];
}

/** The names of these options, for the check of unknown ones. */
export const folderOptions: Readonly<Record<keyof FolderOptions, true>> = {
  labels: true,
  accept: true,
};

const EXTENSION = /\.(png|jpe?g|jfif|webp|tiff?|dcm|dicom|dic|ima|\d+)$/i;

/** Whether the name of a file is one that images have; the numbers of a UID, as in '1.2.840', are no extension. */
export function looksLikeImage(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return EXTENSION.test(name) || (!name.includes('.') && name !== 'DICOMDIR');
}

/**
 * Records of the files at `paths`, labelled by their first folder.
 *
 * @param paths relative, with forward slashes; hidden ones left out
 * @throws EMPTY_SET; INVALID_RECORDS naming a file that no label is for
 */
export function recordsOfPaths(
  where: string,
  paths: readonly string[],
  { labels: given, accept = looksLikeImage }: FolderOptions,
): FolderRecords {
  const taken = paths.filter((path) => accept(path)).sort();
  const ignored = taken.length === paths.length ? [] : paths.filter((path) => !accept(path));
  check(
    taken.length > 0,
    'EMPTY_SET',
    () =>
      `${where}: found no image among ${paths.length} files; expected PNG, JPEG, WebP, TIFF or DICOM; give accept if they are named otherwise.`,
    { files: paths.length },
  );
  const labels = given ?? usualLabels(taken);
  if (labels === false) return { records: taken.map((path) => ({ path })), ignored };
  const records = taken.map((path) => {
    const folder = path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
    if (Object.hasOwn(labels, folder)) return { path, label: labels[folder] };
    throw new SaladError(
      'INVALID_RECORDS',
      `${where}: '${path}' lies in none of the folders ${Object.keys(labels).join(', ')}; expected every image in one, for its label; give labels, or labels: false if folders give no labels.`,
      { path, labels },
    );
  });
  return { records, ignored };
}

function usualLabels(paths: readonly string[]): NonNullable<FolderOptions['labels']> {
  const usual = paths.some((path) => /^(ab)?normal\//.test(path));
  return usual ? { normal: 0, abnormal: 1 } : false;
}
