import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { ImageSource } from '../images/image-source.js';
import { check } from '../support/check.js';
import { arraySource, type ImageFacts } from './array-source.js';

/**
 * Images of a tensor, copied to the host once; the tensor stays yours to dispose.
 *
 * @param images [count, height, width, channels], float32 in [0, 1] or int32 in [0, 255]
 * @throws EMPTY_SET, INVALID_IMAGES, PIXEL_RANGE, and whatever `arraySource` does
 * @example
 * const train = await tensorSource(tf.zeros([8, 32, 32, 1]), { labels: new Uint8Array(8) });
 */
export async function tensorSource(images: Tensor4D, facts: ImageFacts = {}): Promise<ImageSource> {
  const { dtype, shape } = images;
  check(
    shape.length === 4 && (dtype === 'float32' || dtype === 'int32'),
    'INVALID_IMAGES',
    () =>
      `tensorSource: got a ${dtype} tensor of shape [${shape.join(', ')}]; expected float32 or int32, [count, height, width, channels].`,
    { dtype, shape },
  );
  // On some backends data() is the tensor's own memory, which dies or changes with it.
  const data = await images.data();
  const pixels = dtype === 'int32' ? bytesOf(data) : Float32Array.from(data);
  return arraySource({ ...facts, pixels, shape: [shape[1], shape[2], shape[3]] });
}

function bytesOf(values: ArrayLike<number>): Uint8Array {
  const bytes = Uint8Array.from(values);
  for (let i = 0; i < bytes.length; i++)
    check(
      bytes[i] === values[i],
      'PIXEL_RANGE',
      () =>
        `tensorSource: int32 pixel ${i} is ${values[i]}; expected 0 to 255; divide other ranges to float32 in [0, 1].`,
      { position: i, value: values[i] },
    );
  return bytes;
}
