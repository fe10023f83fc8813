import { imagesText } from '../images/problems.js';
import type { SaladWarning } from '../support/warning.js';

import {
  folderName,
  holdsMasks,
  isNumbered,
  isNumberedGroup,
  isStructure,
  namesClass,
} from './folder-names.js';
import { withoutParts } from './folder-places.js';

/** An image of a folder, and what the folder said of it. */
export interface FolderImage {
  readonly path: string;
  readonly label?: 0 | 1;
  /** The folder that gave the label. */
  readonly folder?: string;
}

/** More folders beside each other than this are no classes. */
const MOST_CLASSES = 20;

/** A numbered folder of fewer images is that of a patient or a study. */
const SET = 40;

/** How many folders a message names. */
const NAMED = 6;

/** Folders that look like classes, or like several data sets, where none gave a label; links in the place of a class. */
export function unusedFolders(
  where: string,
  images: readonly FolderImage[],
  linked: readonly string[],
): SaladWarning[] {
  const remedies =
    'name the classes, such as labels: { healthy: 0, fracture: 1 }, or pass labels: false if they are none';
  const links = linked.filter((folder) => namesClass(nameOf(folder)));
  const found = [
    links.length > 0 &&
      `${listed(links)} ${links.length > 1 ? 'are links' : 'is a link'}, which ${links.length > 1 ? 'are' : 'is'} not entered; expected the folder of each class; give the folder that a link leads to`,
  ];
  if (images.every(({ label }) => label === undefined)) {
    const counts = imagesBelow(images);
    const folders = likeClasses([...counts.keys()]);
    const file = images.find(({ path }) => namesClass(nameOf(path).replace(/\.\w+$/, '')))?.path;
    if (folders.length > 0)
      found.push(
        `${listed(folders, (folder) => ` (${imagesText(counts.get(folder) ?? 0)})`)} ${folders.length > 1 ? 'look like classes, or like several data sets,' : 'looks like a class'} and ${folders.length > 1 ? 'give' : 'gives'} no labels; ${remedies}; give the folder of one set`,
      );
    else if (file !== undefined)
      found.push(
        `names of files such as '${file}' look like classes and give no labels; expected a folder for each class; pass labels as a function of the path, or labels: false`,
      );
  }
  return found
    .filter((text) => text !== false)
    .map((text) => ({ code: 'CLASS_FOLDERS_UNUSED', message: `${where}: ${text}.` }));
}

/** Several folders that each hold both classes. */
export function severalSets(where: string, images: readonly FolderImage[]): SaladWarning[] {
  const counts = new Map<string, [normal: number, abnormal: number]>();
  for (const { folder, label } of images) {
    if (folder === undefined || label === undefined) continue;
    const set = withoutParts(folder.slice(0, Math.max(0, folder.lastIndexOf('/'))));
    const count = counts.get(set) ?? [0, 0];
    count[label] += 1;
    counts.set(set, count);
  }
  const sets = [...counts].flatMap(([set, [normal, abnormal]]) => {
    const isPatient = isNumbered(nameOf(set)) && normal + abnormal < SET;
    return normal && abnormal && !isPatient ? [set] : [];
  });
  if (sets.length < 2 || sets.length > MOST_CLASSES) return [];
  const message = `${where}: ${listed(sets)} each hold normal and abnormal images, and are taken as one set; if they are several data sets, give the folder of one.`;
  return [{ code: 'SEVERAL_SETS', message }];
}

/** Folders of masks or other marks, whose images would be taken for films. */
export function masksAmongImages(where: string, images: readonly FolderImage[]): SaladWarning[] {
  const folders = [...imagesBelow(images).keys()].filter((folder) => holdsMasks(nameOf(folder)));
  if (folders.length === 0) return [];
  const message = `${where}: ${listed(folders)} may hold masks, which are taken for films; leave them out, such as with accept: (path) => !path.includes('${nameOf(folders[0])}/').`;
  return [{ code: 'MASKS_AMONG_IMAGES', message }];
}

/** How many images each folder has, those in folders below included. */
function imagesBelow(images: readonly FolderImage[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { path } of images)
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
      counts.set(path.slice(0, end), (counts.get(path.slice(0, end)) ?? 0) + 1);
  return counts;
}

/** Folders that could be classes by their names: beside a few others that could be, or with the word for a class in the name. */
function likeClasses(folders: readonly string[]): string[] {
  const places = new Map<string, string[]>();
  for (const folder of folders) {
    const place = withoutParts(folder.split('/').slice(0, -1).join('/'));
    const siblings = places.get(place) ?? [];
    siblings.push(folder);
    places.set(place, siblings);
  }
  return [...places.values()].flatMap((siblings) => {
    const words = siblings.filter((folder) => couldBe(nameOf(folder)));
    const count = new Set(words.map((folder) => kindOf(nameOf(folder)))).size;
    if (count > 1 && count <= MOST_CLASSES) return words;
    const named = siblings.filter((folder) => folderName(nameOf(folder)).part === undefined);
    if (areGrades(new Set(named.map(nameOf)))) return named;
    return siblings.filter((folder) => namesClass(nameOf(folder)));
  });
}

/** A name without the part of a split: 'stage_2_train_images' and 'stage_2_test_images' are of one kind. */
function kindOf(name: string): string {
  return `${folderName(name).words} ${name.match(/\d+/g)?.join() ?? ''}`;
}

function couldBe(name: string): boolean {
  return !isNumbered(name) && !isNumberedGroup(name) && !isStructure(name);
}

/** '0', '1', '3' and so on, as grades and exported labels are numbered; patients have larger numbers among them. */
function areGrades(names: ReadonlySet<string>): boolean {
  return names.size > 1 && [...names].every((name) => /^0?\d$/.test(name));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function listed(folders: readonly string[], more: (folder: string) => string = () => ''): string {
  const shown = folders.slice(0, NAMED).map((folder) => `'${folder || '.'}'${more(folder)}`);
  const rest = folders.length - shown.length;
  const all = rest > 0 ? [...shown, `${rest} more`] : shown;
  const text = all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1)}` : all[0];
  return `the folder${folders.length > 1 ? 's' : ''} ${text}`;
}
