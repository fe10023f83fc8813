import { check } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { classesOfFolders, className, type FromFolders, partOfFolder } from './class-folders.js';
import type { FolderOptions } from './folder-options.js';

type FolderLabels = NonNullable<FolderOptions['labels']>;

/** @throws INVALID_OPTION where labels are of another form */
export function checkLabels(where: string, labels: FolderLabels | undefined): void {
  if (labels === undefined || labels === false || typeof labels === 'function') return;
  const entries = typeof labels === 'object' && labels !== null ? Object.entries(labels) : [];
  const odd = entries.find(([name, label]) => name.trim() === '' || (label !== 0 && label !== 1));
  check(
    entries.length > 0 && !Array.isArray(labels) && !odd,
    'INVALID_OPTION',
    () =>
      `${where}: labels is ${odd ? `${JSON.stringify(odd[1])} for '${odd[0]}'` : (JSON.stringify(labels) ?? String(labels))}; expected 0 (normal) or 1 (abnormal) for each folder, such as { healthy: 0, fracture: 1 }, a function of the path, or false.`,
    { labels },
  );
  const twice = entries.find(([name, label]) =>
    entries.some(([other, its]) => keyOf(other) === keyOf(name) && its !== label),
  );
  check(
    !twice,
    'INVALID_OPTION',
    () =>
      `${where}: labels has '${twice?.[0]}' twice, in other letter case and with another label; expected one label for each name; tell the folders apart by a function of the path.`,
    { labels },
  );
}

/**
 * What is said of each image at `paths`.
 *
 * @throws INVALID_RECORDS where the folders contradict each other, or name the classes of some images alone; INVALID_OPTION where
 *   a function gives something else than a label
 */
export function labelsByRule(
  where: string,
  paths: readonly string[],
  labels: FolderLabels | undefined,
): (path: string) => FromFolders {
  const named = namesOf(where, paths, labels);
  if (typeof labels === 'function')
    return (path) => ({ ...named(path), label: checkedLabel(where, path, labels(path)) });
  const lost = paths.find((path) => named(path).label === undefined);
  const some = paths.find((path) => named(path).label !== undefined);
  check(
    labels === false || lost === undefined || (labels === undefined && some === undefined),
    'INVALID_RECORDS',
    () => {
      const names = labels ? Object.keys(labels) : classFolders(paths, named);
      const hint = names.length > 8 ? [...names.slice(0, 8), '...'] : names;
      return `${where}: '${lost}' lies in none of the folders ${hint.join(', ')}; expected every image in one, for its label; give labels for all folders, such as labels: { healthy: 0, fracture: 1 }, accept to leave files out, the folder of one data set where there are several, or labels: false if folders give no labels.`;
    },
    { path: lost, labels },
  );
  return named;
}

/** What folders say of each image, before all of them are looked at. */
function namesOf(
  where: string,
  paths: readonly string[],
  labels: FolderLabels | undefined,
): (path: string) => FromFolders {
  const folders = new Set(paths.map(folderOf));
  const said =
    labels === undefined
      ? classesOfFolders(where, folders)
      : new Map(
          Array.from(folders, (folder) => [
            folder,
            { ...partOfFolder(folder), ...(isNames(labels) && byNames(where, folder, labels)) },
          ]),
        );
  return (path) => said.get(folderOf(path)) ?? {};
}

function isNames(labels: FolderLabels): labels is Readonly<Record<string, 0 | 1>> {
  return typeof labels === 'object';
}

/** By the names that the user gave; the folder ends where the name does. */
function byNames(
  where: string,
  folder: string,
  labels: Readonly<Record<string, 0 | 1>>,
): FromFolders {
  const inside = `/${keyOf(folder)}/`;
  const found = Object.entries(labels).flatMap(([name, label]) => {
    const at = inside.indexOf(`/${keyOf(name)}/`);
    return at < 0 ? [] : [{ name, label, folder: folder.slice(0, at + keyOf(name).length) }];
  });
  const other = found.find(({ label }) => label !== found[0].label);
  if (other)
    throw new SaladError(
      'INVALID_RECORDS',
      `${where}: the folder '${folder}' is ${className(found[0].label)} by '${found[0].name}' of labels and ${className(other.label)} by '${other.name}'; expected one label; give labels as a function of the path.`,
      { folder, labels },
    );
  return found[0] ? { label: found[0].label, folder: found[0].folder } : {};
}

function checkedLabel(where: string, path: string, label: unknown): 0 | 1 | undefined {
  check(
    label === 0 || label === 1 || label === undefined,
    'INVALID_OPTION',
    () =>
      `${where}: labels gave ${String(label)} for '${path}'; expected 0 (normal), 1 (abnormal) or undefined (not known).`,
    { path, label },
  );
  return label;
}

function classFolders(paths: readonly string[], named: (path: string) => FromFolders): string[] {
  return [...new Set(paths.flatMap((path) => named(path).folder ?? []))];
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function keyOf(name: string): string {
  return name.toLowerCase().replace(/^\/+|\/+$/g, '');
}
