/**
 * The bits in use of 16-bit pixels whose file names how many are significant (sBIT of PNG); undefined where all 16 are.
 *
 * The standard has a writer scale its b bits up to 16, so that white is 65535 whatever b is, and libpng and Pillow give the
 * values as they are. Some writers name b and leave the values from 0 to 2^b - 1. An image is taken for one of those where
 * no value is above 2^b - 1, and one at least is not what scaling gives.
 *
 * @see PNG specification, 11.3.2.4 (sBIT) and 12.4 (sample depth scaling: rounded, or by repeated bits).
 */
export function bitsInUse(
  pixels: Uint16Array,
  significant: number | undefined,
): number | undefined {
  if (significant === undefined || significant < 1 || significant > 15) return undefined;
  const top = 2 ** significant - 1;
  let unscaled = false;
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i] > top) return undefined;
    unscaled ||= !isScaled(pixels[i], significant);
  }
  return unscaled ? significant : undefined;
}

/** Whether a value of so many bits, scaled up, gives this one. */
function isScaled(value: number, bits: number): boolean {
  const small = value >> (16 - bits);
  let repeated = 0;
  for (let shift = 16 - bits; shift > -bits; shift -= bits)
    repeated |= shift >= 0 ? small << shift : small >> -shift;
  return value === repeated || value === Math.round((small * 65535) / (2 ** bits - 1));
}
