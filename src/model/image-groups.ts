import type { ImageSource } from '../images/image-source.js';
import { check, said } from '../support/check.js';
import type { SaladWarning } from '../support/warning.js';

/** The group of every image: [images], or by its name. */
type ImageGroups = readonly string[] | ((id: string) => string);

/** [images] of a source, the group of each; undefined where none is given. @throws SHAPE_MISMATCH | INVALID_OPTION */
export function groupsOf(
  where: string,
  groups: ImageGroups | undefined,
  { ids, length }: Pick<ImageSource, 'ids' | 'length'>,
): readonly string[] | undefined {
  if (groups === undefined) return undefined;
  check(
    typeof groups === 'function' || Array.isArray(groups),
    'INVALID_OPTION',
    () =>
      `${where}: groups is ${said(groups)}; expected a list with the name of a group for each image, or a function that tells it by an image's id.`,
  );
  const named = typeof groups === 'function' ? ids.map((id) => groups(id)) : groups;
  check(
    named.length === length,
    'SHAPE_MISMATCH',
    () =>
      `${where}: groups has ${named.length} entries for ${length} images; expected the name of a group for each.`,
  );
  const odd = named.findIndex((name) => typeof name !== 'string');
  check(
    odd === -1,
    'INVALID_OPTION',
    () =>
      `${where}: the group of '${ids[odd]}' is ${said(named[odd])}; expected a text, such as 'lateral'.`,
  );
  return [...named];
}

/**
 * Tells of images whose group has no validation normals.
 *
 * @param groups [images], what they were said to be of. @param used [images], whose normals they were compared with.
 */
export function warnOfUnknownGroups(
  where: string,
  groups: readonly string[] | undefined,
  used: readonly (string | undefined)[] | undefined,
  onWarning: ((warning: SaladWarning) => void) | undefined,
): void {
  if (!groups || !used || !onWarning) return;
  const without = groups.filter((_, i) => used[i] === undefined);
  if (without.length === 0) return;
  const names = [...new Set(without)].map((name) => `'${name}'`);
  const listed = names.slice(0, 5).join(', ') + (names.length > 5 ? ', ...' : '');
  onWarning({
    code: 'GROUP_WITHOUT_NORMALS',
    message: `${where}: ${without.length} of ${groups.length} images are of a group without validation normals (${listed}), so that their p-values come from the normals of all groups, and hold only where the group scores as these do; calibrate with groups on normals of each.`,
  });
}
