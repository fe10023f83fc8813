import { execFile, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The Python that has the packages of examples/python/requirements.txt. */
const python = process.env.SALAD_AD_PYTHON ?? 'python3';

/** Why tests that need these modules do not run, for their names; '' where they do. */
export function missingIn(...modules: string[]): string {
  const { status } = spawnSync(python, ['-c', `import ${modules.join(', ')}`]);
  return status === 0
    ? ''
    : ` (skipped: ${python} lacks one of ${modules.join(', ')}; see SALAD_AD_PYTHON)`;
}

/** Runs a script with arguments, from the repository or another folder. */
export async function runPython(script: string, given: string[], cwd = root): Promise<void> {
  await promisify(execFile)(python, [script, ...given], { cwd });
}

/** An empty folder of the test's own. */
export async function folderFor(name: string): Promise<string> {
  const folder = join(root, 'output', name);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Writes an array as NumPy reads it. */
export async function writeNpy(
  folder: string,
  name: string,
  values: Float32Array,
  shape: readonly number[],
): Promise<string> {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const padded = header.padEnd(64 * Math.ceil((header.length + 11) / 64) - 11);
  const start = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${padded}\n`, 'latin1');
  start.writeUInt16LE(padded.length + 1, 8);
  const path = join(folder, name);
  await writeFile(path, Buffer.concat([start, Buffer.from(values.buffer)]));
  return path;
}
