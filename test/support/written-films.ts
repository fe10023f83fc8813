import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll } from 'vitest';
import { RandomStream } from '../../src/support/random.js';

export const HEIGHT = 16;
export const WIDTH = 8;

/** A folder of this test file, which goes with it. */
export function filmFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'salad-ad-films-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Portrait films: a bright band across a dark field, at a height that varies; in [0, 1], [HEIGHT, WIDTH]. */
export function film(i: number): Float32Array {
  const random = new RandomStream(5, ['film', i]);
  const at = 4 + random.integer(8);
  return Float32Array.from({ length: HEIGHT * WIDTH }, (_, p) => {
    const band = Math.abs(Math.floor(p / WIDTH) - at) < 3 ? 0.8 : 0.1;
    return band + 0.1 * random.uniform();
  });
}

/** Writes films `from` to `to` as PNG of 8 bits, or of 16 bits of which so many are in use. */
export async function writeFilms(
  folder: string,
  [from, to]: readonly [from: number, to: number],
  bits: 8 | 10 | 12 | 16 = 8,
): Promise<{ path: string }[]> {
  const raw = { width: WIDTH, height: HEIGHT, channels: 1 } as const;
  const whites = 2 ** bits - 1;
  return Promise.all(
    Array.from({ length: to - from }, async (_, i) => {
      const values = Array.from(film(from + i), (value) => Math.round(whites * value));
      const pixels = bits === 8 ? Uint8Array.from(values) : Uint16Array.from(values);
      const path = `${from + i}-${bits}.png`;
      await sharp(pixels, { raw })
        .toColourspace(bits === 8 ? 'b-w' : 'grey16')
        .png()
        .toFile(join(folder, path));
      return { path };
    }),
  );
}
