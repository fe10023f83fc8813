import type { DecodedImage } from '../decoding/decoder.js';
import { emptyLike, type ImageBatch, type ImageShape, unitRange } from '../images/pixels.js';
import { check } from '../support/check.js';

/** An image on its way into a batch, and its name. */
export interface NamedImage extends DecodedImage {
  readonly id: string;
}

/**
 * Images as one batch: of their own kind of pixels where they agree in it, else float32 in [0, 1], so
 * that an image means the same in any company.
 *
 * @param where the call that errors name
 * @param shape of the batch where there is no image
 * @throws SHAPE_MISMATCH naming two images
 */
export function assembleBatch(
  where: string,
  images: readonly NamedImage[],
  shape: ImageShape,
): ImageBatch {
  if (images.length === 0) return { pixels: new Uint8Array(0), shape };
  const [first] = images;
  const { bitsStored } = first;
  const [height, width, channels] = first.shape;
  const kind = emptyLike(first.pixels, 0).constructor;
  let sameKind = true;
  for (const { id, pixels, shape: own, bitsStored: bits } of images) {
    check(
      own.join() === first.shape.join(),
      'SHAPE_MISMATCH',
      () =>
        `${where}: '${first.id}' has shape [${first.shape.join(', ')}] but '${id}' [${own.join(', ')}]; expected images of one size; give size: [height, width] to bring them to one.`,
      { shapes: [first.shape, own] },
    );
    sameKind &&= emptyLike(pixels, 0).constructor === kind && bits === bitsStored;
  }
  const size = height * width * channels;
  const length = images.length * size;
  const pixels = sameKind ? emptyLike(first.pixels, length) : new Float32Array(length);
  // Without a mask every pixel of an image counts.
  const masked = images.some(({ mask }) => mask);
  const masks = new Uint8Array(masked ? images.length * height * width : 0).fill(255);
  images.forEach((image, i) => {
    const values = sameKind ? image.pixels : unitRange(image, { where, ids: [image.id] });
    pixels.set(values, i * size);
    if (image.mask) masks.set(image.mask, i * height * width);
  });
  return {
    pixels,
    shape: first.shape,
    ...(sameKind && bitsStored !== undefined && { bitsStored }),
    ...(masked && { masks }),
  };
}
