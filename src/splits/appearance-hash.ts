import { resize } from '../images/resize.js';

/** Side of the image that is transformed, and of the block of its low frequencies. */
const side = 64;
const frequencies = 16;

/**
 * A perceptual hash: the signs of the 255 lowest frequencies of an image, its mean left out.
 *
 *     c_vu = sum_y sum_x cos(pi v (2y + 1) / 128) cos(pi u (2x + 1) / 128) x_yx,    u, v = 0 .. 15
 *
 * of the image brought to 64 x 64 by means over areas; bit v of the 16 bits of band (u + v) mod 16 is 1 where
 * c_vu > 0, so that every band holds low and high frequencies alike.
 *
 * @param values [height, width], flattened, in [0, 1]
 * @returns 64 hex digits, four a band
 * @see Zauner, Implementation and benchmarking of perceptual image hash functions, 2010, for the kind.
 */
export function appearanceHash(values: Float32Array, height: number, width: number): string {
  const policy = { method: 'area', fit: 'stretch' } as const;
  const small = resize(values, [1, height, width, 1], [side, side], policy);
  const waves = Array.from({ length: frequencies }, (_, u) =>
    Float64Array.from({ length: side }, (_, x) => Math.cos((Math.PI * u * (2 * x + 1)) / 128)),
  );
  const rows = Array.from({ length: side }, (_, y) => {
    const row = small.subarray(y * side, (y + 1) * side);
    return waves.map((wave) => product(wave, (x) => row[x]));
  });
  const bands = new Uint16Array(frequencies);
  for (let v = 0; v < frequencies; v++)
    for (let u = v === 0 ? 1 : 0; u < frequencies; u++)
      // In a blank image the rest of a sum that should be 0 is no sign.
      if (product(waves[v], (y) => rows[y][u]) > 1e-6) bands[(u + v) % frequencies] |= 1 << v;
  return Array.from(bands, (band) => band.toString(16).padStart(4, '0')).join('');
}

function product(wave: Float64Array, value: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < wave.length; i++) sum += wave[i] * value(i);
  return sum;
}
