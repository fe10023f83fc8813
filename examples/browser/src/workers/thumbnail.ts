import type { ImageBatch } from 'salad-ad/data';
import type { Thumbnail } from './messages.js';

const LONGEST = 64;

/** A film as a small grey picture: every so many pixels of it, from its darkest to its brightest. */
export function thumbnailOf({ pixels, shape: [height, width, channels] }: ImageBatch): Thumbnail {
  const scale = Math.min(1, LONGEST / Math.max(height, width));
  const [rows, columns] = [height, width].map((side) => Math.max(1, Math.round(side * scale)));
  const values = new Float32Array(rows * columns);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const at = Math.floor((y * height) / rows) * width + Math.floor((x * width) / columns);
      values[y * columns + x] = pixels[at * channels + (channels > 1 ? 1 : 0)];
    }
  const [least, most] = values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const grey = Uint8Array.from(values, (v) =>
    most > least ? (255 * (v - least)) / (most - least) : 0,
  );
  return { grey, width: columns, height: rows };
}
