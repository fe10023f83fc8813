import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { unusable } from '../frame/failure.js';

/** Endings of files that are taken for images in a folder; DICOM files often have none. */
const IMAGE = /(\.(png|jpe?g|webp|tiff?|dcm|dicom|ima)|(^|[/\\])[^.]+)$/i;

const PATTERN = /[*?[\]{}]/;

/**
 * The files that paths name: a file is itself, a folder all images below it, a pattern all files that fit. Sorted within each, so that
 * the order is the same on every machine; a file that is named twice comes once. A name that a spreadsheet would take for a formula, or
 * another program for an option, begins with `./`.
 *
 * @throws Failure where a path leads nowhere, cannot be read, or holds no image
 */
export async function findFiles(paths: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    const files = await filesOf(path);
    if (files.length === 0)
      throw unusable(
        `'${path}' has no images (PNG, JPEG, WebP, TIFF, DICOM); name a folder or files that are images`,
      );
    for (const file of files) found.add(/^[=+@\t\r-]/.test(file) ? `./${file}` : file);
  }
  return [...found];
}

async function filesOf(path: string): Promise<readonly string[]> {
  const facts = await stat(path).catch((cause) => {
    if (cause.code === 'ENOENT' && PATTERN.test(path)) return undefined;
    throw unusable(`'${path}' cannot be read: ${reason(cause)}; give a file or folder that exists`);
  });
  if (facts?.isDirectory()) return (await below(path)).sort(byCodeUnits);
  if (facts) return [path];
  const { glob } = await import('tinyglobby');
  // On Windows a pattern may have the separators of the system, which are escapes in one.
  const pattern = sep === '/' ? path : path.replaceAll(sep, '/');
  return (await glob(pattern, { expandDirectories: false })).sort(byCodeUnits);
}

/** A folder that links lead to is entered once, after those that lie here: each image has one name, and links in a circle end. */
async function below(root: string): Promise<string[]> {
  const [files, entered] = [[] as string[], new Set<string>()];
  for (let folders = [root]; folders.length > 0; ) {
    const linked: string[] = [];
    for (const folder of folders) await enter(folder, { files, linked, entered });
    folders = linked.sort(byCodeUnits);
  }
  return files;
}

async function enter(
  folder: string,
  found: { readonly files: string[]; readonly linked: string[]; readonly entered: Set<string> },
): Promise<void> {
  const refused = (cause: NodeJS.ErrnoException) => {
    throw unusable(
      `the folder '${folder}' cannot be read: ${reason(cause)}; let your user read it, or name the files`,
    );
  };
  const real = await realpath(folder).catch(refused);
  if (found.entered.has(real)) return;
  found.entered.add(real);
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(refused)) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    const link = entry.isSymbolicLink();
    const kind = link ? await stat(path).catch(() => entry) : entry;
    if (kind.isDirectory()) {
      if (link) found.linked.push(path);
      else await enter(path, found);
    }
    // A link that leads nowhere is told of as a file that cannot be read.
    else if ((kind.isFile() || kind.isSymbolicLink()) && IMAGE.test(entry.name))
      found.files.push(path);
  }
}

function reason({ code }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such file or folder';
  return code === 'EACCES' || code === 'EPERM' ? 'permission is denied' : String(code);
}

const byCodeUnits = (a: string, b: string) => (a < b ? -1 : Number(a > b));
