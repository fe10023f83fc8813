import { check, checkChoice } from '../support/check.js';
import { checkFunction } from '../support/check-kinds.js';
import { checkLabels, labelsByRule } from './folder-labels.js';
import type { FolderOptions, FolderRecords } from './folder-options.js';
import { folderSummary } from './folder-summary.js';
import { masksAmongImages, severalSets, unusedFolders } from './folder-warnings.js';

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
  checkFunction(where, 'accept', accept);
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
