import { resolve } from 'node:path';

/**
 * Finds a file among names, which may be paths from elsewhere or no paths at all.
 *
 * @param root where names that are relative paths start
 * @returns gives the index of the name that is the same path; else of the one that the path ends with, where it is one alone
 */
export function fileFinder(
  names: readonly string[],
  root = '.',
): (file: string) => number | undefined {
  const byPath = new Map(names.map((name, i) => [resolve(root, name), i]));
  const byLast = new Map<string, number[]>();
  for (const [i, name] of names.entries()) {
    const same = byLast.get(lastOf(name));
    if (same) same.push(i);
    else byLast.set(lastOf(name), [i]);
  }
  return (file) => {
    const same = byPath.get(resolve(file));
    if (same !== undefined) return same;
    const path = `/${plain(file)}`;
    const [only, ...others] = (byLast.get(lastOf(file)) ?? []).filter((i) =>
      path.endsWith(`/${plain(names[i])}`),
    );
    return others.length === 0 ? only : undefined;
  };
}

const plain = (path: string) => path.replaceAll('\\', '/');
const lastOf = (path: string) => plain(path).replace(/^.*\//, '');
