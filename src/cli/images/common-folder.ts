import { dirname, relative, sep } from 'node:path';

/** The deepest folder that all files lie in; paths are absolute. */
export function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0]);
  for (const path of paths)
    while (
      folder !== dirname(folder) &&
      !path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
    )
      folder = dirname(folder);
  return folder;
}

/** A path as records have it. */
export const pathBelow = (root: string, path: string): string =>
  relative(root, path).split(sep).join('/');
