import * as ort from 'onnxruntime-node';
import type { ImageSource, SaladModel } from '../../src/index.js';
import { toOnnx } from '../../src/onnx/index.js';

export type Outputs = Readonly<Record<string, ort.Tensor>>;

/** Outputs of a file on float32 tensors, each its numbers and its shape. */
export async function fed(
  file: Uint8Array | string,
  feeds: Readonly<Record<string, readonly [Float32Array, readonly number[]]>>,
): Promise<Outputs> {
  const session = await ort.InferenceSession.create(file as Uint8Array, { logSeverityLevel: 3 });
  const tensors = Object.entries(feeds).map(
    ([name, [values, dims]]) => [name, new ort.Tensor('float32', values, [...dims])] as const,
  );
  const outputs = await session.run(Object.fromEntries(tensors));
  await session.release();
  return outputs;
}

/** Outputs of a model's file on pixels as they are stored. */
export function ran(
  file: Uint8Array | string,
  pixels: ArrayLike<number>,
  dims: readonly number[],
  maxValue: number | readonly number[] = 1,
): Promise<Outputs> {
  const white = Float32Array.from([maxValue].flat());
  return fed(file, {
    images: [Float32Array.from(pixels), dims],
    maxValue: [white, [white.length]],
  });
}

/** The same of a model and a source whose images are of one size. */
export async function ranOn(model: SaladModel, source: ImageSource): Promise<Outputs> {
  const { bytes } = await toOnnx(model);
  const all = Array.from({ length: source.length }, (_, i) => i);
  const { pixels, shape, bitsStored = 16 } = await source.read(all);
  const white =
    pixels instanceof Float32Array ? 1 : pixels instanceof Uint16Array ? 2 ** bitsStored - 1 : 255;
  return ran(bytes, pixels, [source.length, ...shape], white);
}

/** Numbers of an output. */
export function numbersOf(outputs: Outputs, name: string): number[] {
  return Array.from(outputs[name].data as Iterable<number | bigint>, Number);
}

/** Fails where one number is farther than `most` from the other. */
export function expectClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  most = 1e-5,
): void {
  const far = Array.from(found, (value, i) => Math.abs(value - expected[i]));
  if (found.length !== expected.length || far.some((difference) => !(difference <= most)))
    throw new Error(
      `${found.length} numbers differ from ${expected.length} by up to ${Math.max(...far)}: ${Array.from(found).slice(0, 5)} and ${Array.from(expected).slice(0, 5)}`,
    );
}
