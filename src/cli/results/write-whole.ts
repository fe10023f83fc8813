import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkFile } from '../frame/outputs.js';

/**
 * Writes a file beside its place and renames it into it, so that it is there whole or not at all.
 *
 * @param content or its pieces, which are made as they are written
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array | AsyncIterable<string>,
): Promise<void> {
  await checkFile(path);
  await mkdir(dirname(path), { recursive: true });
  // Processes of several containers may have the same number.
  const beside = `${path}.${randomUUID()}.partial`;
  try {
    await writeFile(beside, content);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
