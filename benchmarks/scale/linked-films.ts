import { link, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** Pixels on a side, and films in a folder. */
const SIDE = 64;
const IN_A_FOLDER = 1000;

/** Many names of some films. */
export interface LinkedFilms {
  readonly folder: string;
  /** Of all, in the order of their names. */
  readonly paths: readonly string[];
  /** Film i is a link to number i % originals.length of these. */
  readonly originals: readonly string[];
}

/** Films as PNGs of 64 pixels, each under many names by hard links, in folders of a thousand; what cannot be read stays as it is. */
export async function linkedFilms(
  from: string,
  folder: string,
  count: number,
): Promise<LinkedFilms> {
  const small = `${folder}-originals`;
  await mkdir(small, { recursive: true });
  const names = (await readdir(from)).sort();
  const originals = names.map((name) => join(small, name));
  for (const name of names) {
    const made = sharp(join(from, name)).resize(SIDE, SIDE).toColourspace('b-w').png().toBuffer();
    await writeFile(join(small, name), await made.catch(() => 'damaged'));
  }
  await rm(folder, { recursive: true, force: true });
  const paths = Array.from({ length: count }, (_, i) => {
    const number = String(i).padStart(7, '0');
    return join(folder, String(Math.floor(i / IN_A_FOLDER)).padStart(4, '0'), `${number}.png`);
  });
  for (const [i, path] of paths.entries()) {
    if (i % IN_A_FOLDER === 0) await mkdir(join(path, '..'), { recursive: true });
    await link(originals[i % originals.length], path);
  }
  return { folder, paths, originals };
}
