import { open, rename } from 'node:fs/promises';

/** Writes beside `path`, waits for the disk, then renames: `path` is never seen half written. */
export async function writeWhole(
  path: string,
  parts: readonly Uint8Array[],
  beside = `${path}.partial`,
): Promise<void> {
  const file = await open(beside, 'w');
  try {
    for (const part of parts) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}
