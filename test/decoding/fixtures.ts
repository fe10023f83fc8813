import { readFileSync } from 'node:fs';

/** What an independent decoder reads from a file of test/fixtures/images; see make.py there. */
export interface ExpectedImage {
  readonly shape: readonly [height: number, width: number, channels: number];
  readonly bits: 8 | 16;
  /** Where not, within a level. */
  readonly exact: boolean;
  readonly pixels: readonly number[];
}

const folder = new URL('../fixtures/images/', import.meta.url);

export const expectedImages: Readonly<Record<string, ExpectedImage>> = JSON.parse(
  readFileSync(new URL('pixels.json', folder), 'utf8'),
).images;

export function imageFile(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, folder)));
}

/** Largest difference between pixels and those expected. */
export function largestDifference(
  pixels: ArrayLike<number>,
  { pixels: expected }: ExpectedImage,
): number {
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - pixels[i])), 0);
}
