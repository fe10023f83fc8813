import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { loadPool } from '../chest-xray/data.js';

/** How many normal and abnormal films each part has. */
const FILMS = { train: [160, 20], validation: [60, 60], test: [80, 80] } as const;

/**
 * Writes films of the chest X-ray example as PNG, in a folder for each class within one for each part, as many sets come.
 *
 * @returns `root`
 */
export async function writeFilms(root: string): Promise<string> {
  const pool = await loadPool();
  for (const [part, counts] of Object.entries(FILMS) as [keyof typeof FILMS, readonly number[]][]) {
    const source = pool[part];
    for (const [label, name] of ['NORMAL', 'PNEUMONIA'].entries()) {
      const folder = join(root, part, name);
      await mkdir(folder, { recursive: true });
      const rows = Array.from(source.ids.keys()).filter((row) => source.labels[row] === label);
      for (const row of rows.slice(0, counts[label])) {
        const { pixels, shape } = await source.read([row]);
        const raw = { width: shape[1], height: shape[0], channels: 1 as const };
        await sharp(pixels as Uint8Array, { raw })
          .toColourspace('b-w')
          .png()
          .toFile(join(folder, `${source.ids[row]}.png`));
      }
    }
  }
  return root;
}
