import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unusable } from '../frame/failure.js';

/** Endings of files that are taken for images in a folder; DICOM files often have none. */
const IMAGE = /(\.(png|jpe?g|webp|tiff?|dcm|dicom|ima)|(^|[/\\])[^.]+)$/i;

const PATTERN = /[*?[\]{}]/;

/**
 * The files that paths name: a file is itself, a folder all images below it, a pattern all files that fit. Sorted within each, so that
 * the order is the same on every machine; a file that is named twice comes once.
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
    for (const file of files) found.add(file);
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
  return (await glob(path, { expandDirectories: false })).sort(byCodeUnits);
}

async function below(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause) => {
    throw unusable(
      `the folder '${folder}' cannot be read: ${reason(cause)}; let your user read it, or name the files`,
    );
  });
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await below(path)));
    else if (IMAGE.test(entry.name)) files.push(path);
  }
  return files;
}

function reason({ code }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such file or folder';
  return code === 'EACCES' || code === 'EPERM' ? 'permission is denied' : String(code);
}

const byCodeUnits = (a: string, b: string) => (a < b ? -1 : Number(a > b));
