import type { ImageRecord } from '../records/image-record.js';
import { check } from '../support/check.js';
import { SaladError } from '../support/errors.js';

/** How the files of a folder become records. */
export interface FolderOptions {
  /**
   * What the first folder of a path says of its images, such as `{ healthy: 0, fracture: 1 }`; every
   * image must then lie in one of these. `false`: folders mean nothing.
   *
   * @defaultValue `{ normal: 0, abnormal: 1 }` where there is a folder of one of these names, else `false`
   */
  readonly labels?: Readonly<Record<string, 0 | 1>> | false;
  /**
   * Which files are images. Hidden ones never are.
   *
   * @defaultValue those with the extension of an image, or with none
   */
  accept?(path: string): boolean;
}

/** Records of a folder. */
export interface FolderRecords {
  /** By path, in the order of UTF-16 code units: the same on every file system. */
  readonly records: readonly ImageRecord[];
  /** Files, hidden ones apart, that are not taken for images. */
  readonly passedOver: readonly string[];
}

export const folderOptionNames = ['labels', 'accept'] as const satisfies (keyof FolderOptions)[];

const EXTENSION = /\.(png|jpe?g|jfif|webp|tiff?|dcm|dicom|dic|ima|\d+)$/i;

/** Whether a file is taken for an image by its name; the parts of a UID, as in '1.2.840', are no extension. */
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
  const passedOver = taken.length === paths.length ? [] : paths.filter((path) => !accept(path));
  check(
    taken.length > 0,
    'EMPTY_SET',
    () =>
      `${where}: found no image among ${paths.length} files; expected PNG, JPEG, WebP, TIFF or DICOM; tell accept where they are named otherwise.`,
    { files: paths.length },
  );
  const labels = given ?? usualLabels(taken);
  if (labels === false) return { records: taken.map((path) => ({ path })), passedOver };
  const records = taken.map((path) => {
    const folder = path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
    if (Object.hasOwn(labels, folder)) return { path, label: labels[folder] };
    throw new SaladError(
      'INVALID_RECORDS',
      `${where}: '${path}' lies in none of the folders ${Object.keys(labels).join(', ')}; expected every image in one, for its label; tell labels, or labels: false where folders mean nothing.`,
      { path, labels },
    );
  });
  return { records, passedOver };
}

function usualLabels(paths: readonly string[]): NonNullable<FolderOptions['labels']> {
  const usual = paths.some((path) => /^(ab)?normal\//.test(path));
  return usual ? { normal: 0, abnormal: 1 } : false;
}
