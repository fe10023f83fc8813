import type { DecodedImage } from '../decoding/decoder.js';
import { emptyLike, type ImageBatch, type ImageShape, unitRange } from '../images/pixels.js';
import { check } from '../support/check.js';

/**
 * Images as one batch: of the type of their pixels where they agree in it, else float32 in [0, 1], so
 * that an image has the same values whatever it is read with.
 *
 * @param where the call that errors name
 * @param ids the name of each image
 * @param shape of the batch where there is no image
 * @throws SHAPE_MISMATCH naming two images
 */
export function assembleBatch(
  where: string,
  images: readonly DecodedImage[],
  ids: readonly string[],
  shape: ImageShape,
): ImageBatch {
  if (images.length === 0) return { pixels: new Uint8Array(0), shape };
  const [first] = images;
  const { bitsStored } = first;
  const [height, width, channels] = first.shape;
  const type = emptyLike(first.pixels, 0).constructor;
  let sameType = true;
  images.forEach(({ pixels, shape: own, bitsStored: bits }, i) => {
    check(
      own.join() === first.shape.join(),
      'SHAPE_MISMATCH',
      () =>
        `${where}: '${ids[0]}' has shape [${first.shape.join(', ')}] but '${ids[i]}' [${own.join(', ')}]; expected images of one size; give size: [height, width] to bring them to one.`,
      { shapes: [first.shape, own] },
    );
    sameType &&= emptyLike(pixels, 0).constructor === type && bits === bitsStored;
  });
  const size = height * width * channels;
  const length = images.length * size;
  const pixels = sameType ? emptyLike(first.pixels, length) : new Float32Array(length);
  // Without a mask every pixel of an image counts.
  const masked = images.some(({ mask }) => mask);
  const masks = new Uint8Array(masked ? images.length * height * width : 0).fill(255);
  images.forEach((image, i) => {
    const values = sameType ? image.pixels : unitRange(image, { where, ids: [ids[i]] });
    pixels.set(values, i * size);
    if (image.mask) masks.set(image.mask, i * height * width);
  });
  return {
    pixels,
    shape: first.shape,
    ...(sameType && bitsStored !== undefined && { bitsStored }),
    ...(masked && { masks }),
  };
}
