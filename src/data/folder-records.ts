import type { ImageRecord } from '../records/image-record.js';
import { check, checkChoice } from '../support/check.js';
import { checkFunction } from '../support/check-kinds.js';
import type { SaladWarning } from '../support/warning.js';
import { checkLabels, type FolderLabels, labelsByRule } from './folder-labels.js';
import { type FolderSummary, folderSummary } from './folder-summary.js';
import { masksAmongImages, severalSets, unusedFolders } from './folder-warnings.js';

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
  readonly labels?: FolderLabels;
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

const EXTENSION = /\.(png|jpe?g|jfif|webp|tiff?|dcm|dicom|dic|ima|\d+)$/i;

/** Whether the name of a file is one that images have; the numbers of a UID, as in '1.2.840', are no extension. */
export function looksLikeImage(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return EXTENSION.test(name) || (!name.includes('.') && name !== 'DICOMDIR');
}

/** Whether a path leads through a hidden folder, or is hidden itself; so are folders that archives and file servers add. */
export function isHidden(path: string): boolean {
  return /(^|\/)(\.|(__MACOSX|@eaDir)(\/|$))/.test(path);
}

/**
 * Records of the files at `paths`, labelled by their folders.
 *
 * @param paths relative, with forward slashes; hidden ones left out
 * @param linked paths of links to folders, which are not entered
 * @throws EMPTY_SET; INVALID_OPTION; INVALID_RECORDS naming a file that no label is for, or folders that contradict each other
 */
export function recordsOfPaths(
  where: string,
  paths: readonly string[],
  { labels, part, accept = looksLikeImage, onWarning }: FolderOptions,
  linked: readonly string[] = [],
): FolderRecords {
  checkLabels(where, labels);
  if (part !== undefined) checkChoice(where, 'part', part, ['train', 'validation', 'test']);
  checkFunction(where, 'onWarning', onWarning);
  const taken = paths.filter((path) => accept(path)).sort();
  const ignored = taken.length === paths.length ? [] : paths.filter((path) => !accept(path));
  check(
    taken.length > 0,
    'EMPTY_SET',
    () =>
      `${where}: found no image among ${paths.length} files; expected PNG, JPEG, WebP, TIFF or DICOM; give accept if they are named otherwise.`,
    { files: paths.length },
  );
  const rule = labelsByRule(where, taken, labels);
  const all = taken.map((path) => ({ path, ...rule(path) }));
  const warnings = [
    ...(labels === undefined ? unusedFolders(where, all, linked) : []),
    ...severalSets(where, all),
    ...masksAmongImages(where, all),
  ];
  for (const warning of warnings) onWarning?.(warning);
  const chosen = part === undefined ? all : all.filter((image) => image.part === part);
  check(
    chosen.length > 0,
    'EMPTY_SET',
    () =>
      `${where}: found no image of the part '${part}' among ${all.length}; expected a folder of that name; got ${listed(all)}.`,
    { part, images: all.length },
  );
  const records = chosen.map(({ path, label, part: of }) => ({
    path,
    ...(label !== undefined && { label }),
    ...(of && { part: of }),
  }));
  return { records, ignored, summary: folderSummary(chosen, warnings) };
}

function listed(images: readonly { readonly part?: string }[]): string {
  const parts = new Set(images.flatMap(({ part }) => part ?? []));
  return parts.size > 0 ? `the parts ${[...parts].join(', ')}` : 'no folder of a part';
}
