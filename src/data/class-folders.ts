import { SaladError } from '../support/errors.js';
import { DEFECTS, type Part } from './class-words.js';
import { isNumbered, mayBeClass, saysAbnormal } from './folder-names.js';
import {
  placeAbove,
  placesOf,
  type Siblings,
  type Step,
  type Way,
  wayOf,
} from './folder-places.js';

/** What the names of the folders of an image say of it; each is absent where they do not say it. */
export interface FromFolders {
  readonly label?: 0 | 1;
  readonly part?: Part;
  /** The folder that gave the label, from the root on: 'train/NORMAL'. */
  readonly folder?: string;
  /** The folder of normal images beside it, where that alone makes it abnormal. */
  readonly beside?: string;
}

/** Beside a folder of normal images, more folders than this are those of patients. */
const MOST_CLASSES = 20;

/**
 * What the names of folders say of the images in each: by a name of its own, or by a sibling, since beside one folder of normal
 * images a folder of another name holds abnormal ones, where nothing speaks against it.
 *
 * @param folders those that hold images, from the root on, with forward slashes
 * @throws INVALID_RECORDS where the names contradict each other
 */
export function classesOfFolders(
  where: string,
  folders: Iterable<string>,
): ReadonlyMap<string, FromFolders> {
  const ways = withoutNamesOfSets(Array.from(folders, (folder) => ({ folder, ...wayOf(folder) })));
  const places = placesOf(ways);
  for (const siblings of places.values()) refuseGrades(where, siblings);
  const aboveClasses = new Set(
    ways.flatMap(({ steps }) =>
      steps
        .filter((_, depth) => steps.slice(depth + 1).some(({ label }) => label !== undefined))
        .map(({ place }) => place),
    ),
  );
  return new Map(
    ways.map(({ folder, steps, part }) => {
      const found = byOwnName(where, steps) ?? bySibling(steps, places, aboveClasses);
      return [folder, { ...found, ...(part && { part }) }];
    }),
  );
}

/**
 * A disease may be the name of a set: 'pneumonia' that holds 'normal' and lies beside no folder of normal images gives no label.
 */
function withoutNamesOfSets<W extends Way>(ways: readonly W[]): readonly W[] {
  const places = placesOf(ways);
  const isSet = ({ steps }: Way, depth: number) => {
    const { label, words } = steps[depth];
    const { normal, saysAbnormal: beside } = places.get(placeAbove(steps, depth)) as Siblings;
    return (
      label === 1 &&
      !saysAbnormal(words) &&
      normal.size === 0 &&
      !beside &&
      steps.slice(depth + 1).some((step) => step.label === 0)
    );
  };
  const sets = new Set(
    ways.flatMap((way) => way.steps.filter((_, i) => isSet(way, i)).map(({ place }) => place)),
  );
  if (sets.size === 0) return ways;
  return ways.map((way) => ({
    ...way,
    steps: way.steps.map((step) => (sets.has(step.place) ? { ...step, label: undefined } : step)),
  }));
}

function byOwnName(where: string, steps: readonly Step[]): FromFolders | undefined {
  const known = steps.filter(({ label }) => label !== undefined);
  const other = known.find(({ label }) => label !== known[0].label);
  if (other)
    throw new SaladError(
      'INVALID_RECORDS',
      `${where}: the folder '${other.folder}' is ${className(known[0].label)} by the name '${known[0].name}' and ${className(other.label)} by '${other.name}'; expected names that agree; give labels as a function of the path, or labels: false.`,
      { folder: other.folder },
    );
  return known[0] && { label: known[0].label, folder: known[0].folder };
}

function bySibling(
  steps: readonly Step[],
  places: ReadonlyMap<string, Siblings>,
  aboveClasses: ReadonlySet<string>,
): FromFolders {
  for (const [depth, step] of steps.entries()) {
    const siblings = places.get(placeAbove(steps, depth)) as Siblings;
    const [normal] = siblings.normal.values();
    if (!normal) continue;
    const isDefect = siblings.normal.has('good') && DEFECTS.has(step.words);
    const isClass =
      (isDefect || mayBeClass(step.words)) &&
      !isNumbered(step.name) &&
      !aboveClasses.has(step.place) &&
      !siblings.saysAbnormal &&
      siblings.open.size <= MOST_CLASSES &&
      siblings.numbers.get(step.words)?.size === 1;
    return isClass ? { label: 1, folder: step.folder, beside: normal.name } : {};
  }
  return {};
}

/** 'good' beside 'normal' are grades, and no name says which of them are of normal images. */
function refuseGrades(where: string, { normal }: Siblings): void {
  if (normal.size < 2) return;
  const [first, second] = [...normal.values()].map(({ folder }) => folder);
  throw new SaladError(
    'INVALID_RECORDS',
    `${where}: the folders '${first}' and '${second}' lie beside each other and both are names for normal images; expected one; say which label each has with labels, or pass labels: false.`,
    { folders: [first, second] },
  );
}

/** A label in words. */
export function className(label: 0 | 1 | undefined): 'normal' | 'abnormal' | 'unlabelled' {
  return label === undefined ? 'unlabelled' : label === 0 ? 'normal' : 'abnormal';
}

/** The part of a split that the folders of a path name; nothing where they name none, or several. */
export function partOfFolder(folder: string): Pick<FromFolders, 'part'> {
  const { part } = wayOf(folder);
  return part ? { part } : {};
}
