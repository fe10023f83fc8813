import { check } from '../support/check.js';
import { type BlockShape, type ConvolutionShape, filterShape } from './lite0-blocks.js';

/** Numbers of a filter that the file holds in float32; the larger ones are 16-bit integers with a scale for each output. */
const SMALL = 4000;

/** The numbers of one convolution. */
export interface ConvolutionWeights {
  /** In the order of `filterShape`. */
  readonly filter: Float32Array;
  /** [outputs] */
  readonly bias: Float32Array;
}

/**
 * The weights of blocks from bytes, convolution after convolution: as `scripts/encoder-weights/convert.py` packs them, or
 * all of them in float32, told apart by their number; little-endian.
 *
 * @throws INVALID_OPTION for any other number of bytes
 */
export function unpackWeights(
  where: string,
  bytes: Uint8Array,
  blocks: readonly BlockShape[],
): ConvolutionWeights[] {
  const shapes = blocks.flatMap(({ convolutions }) => convolutions);
  const [small, large] = [packedSize(shapes), plainSize(shapes)];
  check(
    bytes.byteLength === small || bytes.byteLength === large,
    'INVALID_OPTION',
    () =>
      `${where}: weights are ${bytes.byteLength} bytes; expected ${small} as in efficientnet-lite0.bin, or ${large} in float32; read the whole file, and see that the server sent it and no page in its place.`,
    { bytes: bytes.byteLength },
  );
  const plain = bytes.byteLength === large;
  // Typed arrays ask for an offset that is a multiple of 4.
  const { buffer } = bytes.slice();
  let offset = 0;
  const floats = (count: number) => {
    const values = new Float32Array(buffer, offset, count);
    offset += values.byteLength;
    return values;
  };
  return shapes.map((shape) => {
    const size = sizeOf(shape);
    if (plain || size < SMALL) return { filter: floats(size), bias: floats(shape.outputs) };
    const scales = floats(shape.outputs);
    const bias = floats(shape.outputs);
    const integers = new Int16Array(buffer, offset, size);
    offset += integers.byteLength;
    // The output is the last place of an index, and so is the channel of a depthwise filter.
    const filter = Float32Array.from(integers, (value, i) => value * scales[i % shape.outputs]);
    return { filter, bias };
  });
}

function sizeOf(shape: ConvolutionShape): number {
  return filterShape(shape).reduce((product, side) => product * side, 1);
}

function packedSize(shapes: readonly ConvolutionShape[]): number {
  return shapes.reduce((sum, shape) => {
    const size = sizeOf(shape);
    return sum + (size < SMALL ? 4 * size : 2 * size + 4 * shape.outputs) + 4 * shape.outputs;
  }, 0);
}

function plainSize(shapes: readonly ConvolutionShape[]): number {
  return shapes.reduce((sum, shape) => sum + 4 * (sizeOf(shape) + shape.outputs), 0);
}
