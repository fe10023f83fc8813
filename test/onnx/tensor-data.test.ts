import { expect, test } from 'vitest';
import { halves } from '../../src/onnx/tensor-data.js';

test.each([
  [0, 0x0000],
  [-0, 0x8000],
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [65519, 0x7bff],
  [65520, 0x7c00],
  [2 ** -14, 0x0400],
  [2 ** -24, 0x0001],
  [2 ** -25, 0x0000],
  [3 * 2 ** -25, 0x0002],
  [1023 * 2 ** -24, 0x03ff],
  [1023.5 * 2 ** -24, 0x0400],
  // Half-way between two: to the even one.
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
  [2 - 2 ** -11, 0x4000],
  [1 / 3, 0x3555],
])('%d is the float16 of bits %d, as IEEE 754 says', (value, bits) => {
  const { bytes } = halves(Float32Array.of(value), [1]);
  expect(new DataView(bytes.buffer).getUint16(0, true)).toBe(bits);
});
