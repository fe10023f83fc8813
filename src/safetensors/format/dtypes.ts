import { checkUndamaged } from '../../learning/damaged.js';

/** Types of numbers that are read, with the bytes of one. */
export const BYTES_OF = Object.freeze({ F32: 4, F16: 2, I64: 8, I32: 4, U8: 1, BOOL: 1 });

/** A type of numbers as the format names it. */
export type Dtype = keyof typeof BYTES_OF;

/** A tensor as it lies in a file: little-endian, the last axis without gaps. */
export interface PackedTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Its numbers: of F32 and F16 floats, of the others whole numbers of 32 bits. @throws MODEL_DAMAGED */
export function numbersOf(
  where: string,
  name: string,
  { dtype, bytes }: PackedTensor,
): Float32Array | Int32Array {
  // A copy: the bytes need not lie where numbers may begin.
  const { buffer } = bytes.slice();
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F16':
      return Float32Array.from(new Uint16Array(buffer), ofHalf);
    case 'I32':
      return new Int32Array(buffer);
    case 'I64': {
      const whole = new BigInt64Array(buffer);
      const wide = whole.find((value) => value !== BigInt.asIntN(32, value));
      checkUndamaged(
        where,
        wide === undefined,
        () => `'${name}' holds ${wide}; expected whole numbers of 32 bits`,
      );
      return Int32Array.from(whole, Number);
    }
    case 'U8':
      return Int32Array.from(bytes);
    case 'BOOL':
      checkUndamaged(
        where,
        bytes.every((value) => value <= 1),
        () => `'${name}' is BOOL but holds other bytes than 0 and 1`,
      );
      return Int32Array.from(bytes);
  }
}

/** A float of 16 bits (IEEE 754 binary16): sign, 5 bits of exponent, 10 of fraction. */
function ofHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
