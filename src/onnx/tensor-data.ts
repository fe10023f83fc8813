/** Element types of ONNX, by the names that its documentation uses. */
export const ELEMENT_TYPES = Object.freeze({
  float32: 1,
  int8: 3,
  int64: 7,
  float16: 10,
  float64: 11,
});

/** The name of an element type. */
export type ElementType = keyof typeof ELEMENT_TYPES;

/** Numbers of a graph, as the file holds them. */
export interface TensorData {
  readonly type: ElementType;
  readonly dims: readonly number[];
  /** Little-endian. */
  readonly bytes: Uint8Array;
}

/** A tensor of float32 numbers. */
export function floats(values: Float32Array, dims: readonly number[]): TensorData {
  return { type: 'float32', dims, bytes: bytesOf(values) };
}

/** A tensor of float64 numbers. */
export function doubles(values: ArrayLike<number>, dims: readonly number[]): TensorData {
  return { type: 'float64', dims, bytes: bytesOf(Float64Array.from(values)) };
}

/** A tensor of whole numbers. */
export function longs(values: readonly number[], dims: readonly number[]): TensorData {
  return { type: 'int64', dims, bytes: bytesOf(BigInt64Array.from(values, BigInt)) };
}

/** A tensor of whole numbers from -128 to 127. */
export function bytes(values: Int8Array, dims: readonly number[]): TensorData {
  return { type: 'int8', dims, bytes: bytesOf(values) };
}

/** A tensor of float16 numbers, each the nearest to one of `values`. */
export function halves(values: Float32Array, dims: readonly number[]): TensorData {
  return { type: 'float16', dims, bytes: bytesOf(Uint16Array.from(values, half)) };
}

const numbers = new Float32Array(1);
const bits = new Uint32Array(numbers.buffer);

/** The bits of the float16 nearest to a finite number, the even one of two; beyond 65504 infinity. */
function half(value: number): number {
  numbers[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const size = Math.abs(numbers[0]);
  if (size >= 65520) return sign | 0x7c00;
  // Below 2^-14 numbers lie 2^-24 apart.
  const exponent = Math.max(-14, exponentOf(size, Math.floor(Math.log2(size))));
  const step = 2 ** (exponent - 10);
  const steps = roundHalfEven(size / step);
  // A mantissa that rounds up to the next power of two carries into the exponent by itself.
  return sign | (steps < 1024 ? steps : steps - 1024 + ((exponent + 15) << 10));
}

/** Floor of log2 without its rounding. */
function exponentOf(size: number, guess: number): number {
  if (size >= 2 ** (guess + 1)) return guess + 1;
  return size < 2 ** guess ? guess - 1 : guess;
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

/** ONNX is little-endian, and so is every processor that tfjs runs on. */
function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
