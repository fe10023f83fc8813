import { check } from '../support/check.js';
import type { ImageNormalization } from './image-normalization.js';
import { type ImageBatch, type ImageShape, imageCount, toUnitRange } from './pixels.js';
import { checkResizePolicy, type ResizePolicy, resize } from './resize.js';

/** What a model does to images before its network sees them. */
export interface Preparation {
  /** The network's own. */
  readonly inputShape: ImageShape;
  /** Without one, images of another size are an error. */
  readonly resize?: ResizePolicy;
  readonly normalization: ImageNormalization;
}

/** @throws INVALID_OPTION, naming the options that normalisation and policy were given as. */
export function checkPreparation(
  where: string,
  { normalization, resize: policy }: Pick<Preparation, 'normalization' | 'resize'>,
): void {
  check(
    typeof normalization?.apply === 'function',
    'INVALID_OPTION',
    () =>
      `${where}: imageNormalization is ${JSON.stringify(normalization)}; expected none(), equalize(), localContrast() or a customNormalization.`,
  );
  if (policy) checkResizePolicy(where, policy);
}

/**
 * From images as they were read to what the network takes: unit range, size, normalisation.
 *
 * Training, scoring and loaded models all come through here; augmentation follows it.
 *
 * @returns [count, ...inputShape]
 * @throws PIXEL_RANGE, SHAPE_MISMATCH
 */
export function prepareImages(batch: ImageBatch, preparation: Preparation): Float32Array {
  const { inputShape, resize: policy, normalization } = preparation;
  const count = imageCount('prepareImages', batch);
  const [height, width, channels] = batch.shape;
  const sameSize = height === inputShape[0] && width === inputShape[1];
  check(
    channels === inputShape[2],
    'SHAPE_MISMATCH',
    () =>
      `prepareImages: images have ${channels} channels but the model takes ${inputShape[2]}; convert the images, or create the model with inputShape [${inputShape[0]}, ${inputShape[1]}, ${channels}].`,
    { shape: batch.shape, inputShape },
  );
  check(
    sameSize || policy !== undefined,
    'SHAPE_MISMATCH',
    () =>
      `prepareImages: images are ${height} x ${width} but the model takes ${inputShape[0]} x ${inputShape[1]} (height x width); resize them, or create the model with a resize policy such as { method: 'area', fit: 'pad' }.`,
    { shape: batch.shape, inputShape },
  );
  const unit = toUnitRange(batch);
  const sized =
    sameSize || policy === undefined
      ? unit
      : resize(unit, [count, height, width, channels], [inputShape[0], inputShape[1]], policy);
  return normalization.apply(sized, [count, ...inputShape]);
}
