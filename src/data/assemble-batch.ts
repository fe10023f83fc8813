import type { DecodedImage } from '../decoding/decoder.js';
import { type ImageBatch, type ImageShape, toUnitRange } from '../images/pixels.js';
import { check } from '../support/check.js';
import { emptyLike } from './array-source.js';

/**
 * Images as one batch: of their own kind of pixels where they agree in it, else float32 in [0, 1], so
 * that an image means the same in any company.
 *
 * @param images those that could not be read are undefined; their pixels are 0
 * @param shape of the batch where no image could be read
 * @throws SHAPE_MISMATCH naming two images
 */
export function assembleBatch(
  where: string,
  images: readonly (DecodedImage | undefined)[],
  nameOf: (position: number) => string,
  shape: ImageShape,
): ImageBatch {
  const first = images.findIndex((image) => image !== undefined);
  const model = images[first];
  if (!model) {
    return { pixels: new Uint8Array(images.length * shape[0] * shape[1] * shape[2]), shape };
  }
  for (let i = first + 1; i < images.length; i++) {
    const other = images[i]?.shape;
    check(
      other === undefined || other.join() === model.shape.join(),
      'SHAPE_MISMATCH',
      () =>
        `${where}: '${nameOf(first)}' has shape [${model.shape.join(', ')}] but '${nameOf(i)}' [${other?.join(', ')}]; expected images of one size; give size: [height, width] to bring them to one.`,
      { shapes: [model.shape, other] },
    );
  }
  const { bitsStored } = model;
  const kind = emptyLike(model.pixels, 0).constructor;
  const sameKind = images.every(
    (image) =>
      !image ||
      (emptyLike(image.pixels, 0).constructor === kind && image.bitsStored === bitsStored),
  );
  const size = model.shape[0] * model.shape[1] * model.shape[2];
  const length = images.length * size;
  const pixels = sameKind ? emptyLike(model.pixels, length) : new Float32Array(length);
  images.forEach((image, i) => {
    if (image) pixels.set(sameKind ? image.pixels : toUnitRange(image), i * size);
  });
  const masked = images.some((image) => image?.mask);
  return {
    pixels,
    shape: model.shape,
    ...(sameKind && bitsStored !== undefined && { bitsStored }),
    ...(masked && { masks: assembleMasks(images, model.shape) }),
  };
}

/** Without a mask every pixel of an image counts. */
function assembleMasks(
  images: readonly (DecodedImage | undefined)[],
  [height, width]: ImageShape,
): Uint8Array {
  const size = height * width;
  const masks = new Uint8Array(images.length * size).fill(255);
  images.forEach((image, i) => {
    if (image?.mask) masks.set(image.mask, i * size);
  });
  return masks;
}
