import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { ImageSource } from '../images/image-source.js';
import type { ImageBatch } from '../images/pixels.js';
import { check, checkKnownOptions, checkNumber } from '../support/check.js';
import { checkTensor } from '../support/tensors.js';
import { type ImageFacts, sourceOfArrays } from './array-source.js';

/**
 * Makes a source of the images of a tensor, which are copied from the backend once; you still dispose of the tensor.
 *
 * @param images [count, height, width, channels], float32 in [0, 1], or int32 in [0, 255] or, with `bitsStored`, from 0 to
 *   2^bitsStored - 1
 * @param facts `bitsStored` of int32 pixels, 1 to 16; `ids` (default `image-0`, `image-1`, ...), `labels` [count] of 0 and 1 (default: all normal), `patients`
 * @returns the source
 * @throws EMPTY_SET, INVALID_IMAGES for another type or rank, PIXEL_RANGE, LABELS_MISMATCH, SHAPE_MISMATCH, INVALID_OPTION (a
 *   label other than 0 and 1, or `bitsStored` other than 1 to 16), UNKNOWN_OPTION; on reading INDEX_OUT_OF_RANGE
 * @example
 * const train = await tensorSource(tf.zeros([8, 32, 32, 1]), { labels: new Uint8Array(8) });
 */
export async function tensorSource(
  images: Tensor4D,
  facts: Partial<
    Pick<ImageSource, 'ids' | 'labels' | 'patients'> & Pick<ImageBatch, 'bitsStored'>
  > = {},
): Promise<ImageSource> {
  checkKnownOptions('tensorSource', facts, {
    bitsStored: true,
    ids: true,
    labels: true,
    patients: true,
  });
  checkTensor('tensorSource', 'images', images, 'a tensor [count, height, width, channels]');
  return sourceOfTensor('tensorSource', images, facts);
}

/** `tensorSource` for the public call `where`. */
export async function sourceOfTensor(
  where: string,
  images: Tensor4D,
  { bitsStored, ...facts }: ImageFacts & Pick<ImageBatch, 'bitsStored'> = {},
): Promise<ImageSource> {
  const { dtype, shape } = images;
  check(
    shape.length === 4 && (dtype === 'float32' || dtype === 'int32'),
    'INVALID_IMAGES',
    () =>
      `${where}: got a ${dtype} tensor of shape [${shape.join(', ')}]; expected float32 or int32, [count, height, width, channels].`,
    { dtype, shape },
  );
  // On some backends data() is the tensor's own memory, which is freed or written to later.
  const data = await images.data();
  if (bitsStored !== undefined)
    checkNumber(where, 'bitsStored', bitsStored, { min: 1, max: 16, integer: true });
  const pixels = dtype === 'int32' ? wholeOf(where, data, bitsStored) : Float32Array.from(data);
  return sourceOfArrays(where, {
    ...facts,
    pixels,
    shape: [shape[1], shape[2], shape[3]],
    bitsStored,
  });
}

/** int32 pixels as bytes, or as uint16 where their bits are told. */
function wholeOf(
  where: string,
  values: ArrayLike<number>,
  bitsStored: number | undefined,
): Uint8Array | Uint16Array {
  const pixels = bitsStored === undefined ? Uint8Array.from(values) : Uint16Array.from(values);
  const top = 2 ** (bitsStored ?? 8) - 1;
  for (let i = 0; i < pixels.length; i++)
    check(
      pixels[i] === values[i] && pixels[i] <= top,
      'PIXEL_RANGE',
      () =>
        `${where}: int32 pixel ${i} is ${values[i]}; expected 0 to ${top}; give bitsStored, such as 12 where white is 4095, or divide other ranges to float32 in [0, 1].`,
      { position: i, value: values[i] },
    );
  return pixels;
}
