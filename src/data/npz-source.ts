import type { ImageSource } from '../images/image-source.js';
import type { ImageBatch, ImageShape } from '../images/pixels.js';
import { imagesText } from '../images/problems.js';
import { check, checkChoice, checkKnownOptions } from '../support/check.js';
import { sourceOfArrays } from './array-source.js';
import { type NpyArray, readArrays } from './npz.js';

/**
 * Makes a source of one part of a file in MedMNIST's layout: `train_images` [count, height, width] or
 * [count, height, width, channels], `train_labels` [count, labels], and the same for `val` and `test`.
 *
 * @param bytes the whole `.npz` file
 * @param options `split` names the part; `abnormal` and `bitsStored`
 * @returns the source; its names are `train-0`, `train-1`, ...
 * @throws INVALID_IMAGES where the file is damaged or lacks an array; LABELS_MISMATCH, SHAPE_MISMATCH, EMPTY_SET; INVALID_OPTION
 *   for what are no bytes and for labels other than 0 and 1; UNKNOWN_OPTION; on reading INDEX_OUT_OF_RANGE
 * @see Yang et al. 2023, MedMNIST v2.
 * @example
 * const train = npzSource(await readFile('pneumoniamnist_128.npz'), { split: 'train' });
 * const chest = npzSource(await readFile('chestmnist_64.npz'), {
 *   split: 'test', abnormal: (...findings) => findings.includes(1),
 * });
 */
export function npzSource(
  bytes: Uint8Array,
  options: {
    /** Which part of the split. */
    readonly split: 'train' | 'val' | 'test';
    /**
     * Whether an image with these labels is an anomaly; it is called with all labels of the image.
     *
     * @defaultValue the one label of an image says it: 0 (normal) or 1 (known anomaly)
     */
    readonly abnormal?: (...labels: number[]) => boolean;
    /**
     * Bits in use of a uint16 pixel, 1 to 16.
     *
     * @defaultValue 16
     */
    readonly bitsStored?: number;
  },
): ImageSource {
  const where = 'npzSource';
  checkKnownOptions(where, options, { split: true, abnormal: true, bitsStored: true });
  checkChoice(where, 'split', options.split, ['train', 'val', 'test']);
  const { split, abnormal, bitsStored } = options;
  const imagesName = `${split}_images`;
  const labelsName = `${split}_labels`;
  const arrays = readArrays(where, bytes, [imagesName, labelsName]);
  const { pixels, shape } = imagesOf(imagesName, arrays[imagesName]);
  const count = arrays[imagesName].shape[0];
  const { data, shape: labelShape } = arrays[labelsName];
  const each = labelShape[1] ?? 1;
  check(
    labelShape[0] === count &&
      data.length === count * each &&
      (each === 1 || abnormal !== undefined),
    'LABELS_MISMATCH',
    () =>
      `npzSource: ${labelsName} has shape [${labelShape.join(', ')}] for ${imagesText(count)}; expected [${count}, 1], or several labels an image and the option 'abnormal' to judge by them.`,
    { labels: labelShape, images: count },
  );
  const values = Array.from(data as ArrayLike<number | bigint>, Number);
  const labels = Array.from({ length: count }, (_, i) =>
    abnormal ? Number(abnormal(...values.slice(i * each, (i + 1) * each))) : values[i],
  );
  return sourceOfArrays(where, {
    pixels,
    shape,
    bitsStored,
    ids: labels.map((_, i) => `${split}-${i}`),
    labels,
  });
}

function imagesOf(name: string, { data, shape, dtype }: NpyArray): ImageBatch {
  check(
    shape.length === 3 || shape.length === 4,
    'INVALID_IMAGES',
    () =>
      `npzSource: ${name} has shape [${shape.join(', ')}]; expected [count, height, width] or [count, height, width, channels].`,
    { shape },
  );
  const one: ImageShape = [shape[1], shape[2], shape[3] ?? 1];
  // NumPy's booleans, a mask say: false is black and true is white.
  if (dtype === 'b1')
    return { pixels: Uint8Array.from(data as Uint8Array, (value) => 255 * value), shape: one };
  if (data instanceof Float64Array) return { pixels: Float32Array.from(data), shape: one };
  check(
    data instanceof Uint8Array || data instanceof Uint16Array || data instanceof Float32Array,
    'INVALID_IMAGES',
    () => `npzSource: ${name} has dtype ${dtype}; expected b1, u1, u2, f4 or f8 pixels.`,
    { dtype },
  );
  return { pixels: data, shape: one };
}
