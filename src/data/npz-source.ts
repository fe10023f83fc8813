import type { ImageSource } from '../images/image-source.js';
import type { ImageBatch, ImageShape } from '../images/pixels.js';
import { check, checkKnownOptions } from '../support/check.js';
import { arraySource } from './array-source.js';
import { type NpyArray, readNpz } from './npz.js';

/** Options of `npzSource`. */
export interface NpzSourceOptions {
  readonly split: 'train' | 'val' | 'test';
  /**
   * Whether an image with this label is an anomaly; given all of them where an image has several. Unless
   * given, images must have one, 0 or 1.
   */
  readonly abnormal?: (...labels: number[]) => boolean;
  /** Bits in use of uint16 pixels. */
  readonly bitsStored?: number;
}

/**
 * One split of a file in MedMNIST's layout: `train_images` [count, height, width] or
 * [count, height, width, channels], `train_labels` [count, labels], and the same for `val` and `test`.
 *
 * @param bytes the whole `.npz` file
 * @throws INVALID_IMAGES, LABELS_MISMATCH, EMPTY_SET, INVALID_OPTION (labels other than 0 and 1)
 * @see Yang et al. 2023, MedMNIST v2.
 * @example
 * const train = npzSource(await readFile('pneumoniamnist_128.npz'), { split: 'train' });
 * const chest = npzSource(await readFile('chestmnist_64.npz'), {
 *   split: 'test', abnormal: (...findings) => findings.includes(1),
 * });
 */
export function npzSource(bytes: Uint8Array, options: NpzSourceOptions): ImageSource {
  checkKnownOptions('npzSource', options, ['split', 'abnormal', 'bitsStored']);
  const { split, abnormal, bitsStored } = options;
  const imagesName = `${split}_images`;
  const labelsName = `${split}_labels`;
  const arrays = readNpz(bytes, [imagesName, labelsName]);
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
      `npzSource: ${labelsName} has shape [${labelShape.join(', ')}] for ${count} images; expected [${count}, 1], or several labels an image and 'abnormal' to tell by them.`,
    { labels: labelShape, images: count },
  );
  const values = Array.from(data as ArrayLike<number | bigint>, Number);
  const labels = Array.from({ length: count }, (_, i) =>
    abnormal ? Number(abnormal(...values.slice(i * each, (i + 1) * each))) : values[i],
  );
  return arraySource({
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
