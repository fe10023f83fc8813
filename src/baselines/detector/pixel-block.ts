import { type BatchShape, checkBatch } from '../../images/pixels.js';
import { check } from '../../support/check.js';
import { checkHasLists } from '../../support/check-kinds.js';

/** Images as a detector would see them: in [0, 1], or what an image normalisation made of them. */
export interface PixelBlock {
  /** [count, height, width, channels], flattened; finite. */
  readonly values: Float32Array;
  /** [count, height, width, channels]; height and width in pixels. */
  readonly shape: BatchShape;
}

/** At least one image, as many values as the shape says, all finite. */
export function checkImages(where: string, name: string, images: PixelBlock): void {
  checkHasLists(where, name, images, ['values', 'shape']);
  const { values, shape } = images;
  checkBatch(where, values, shape, `${name} has`);
  check(
    shape[0] > 0,
    'EMPTY_SET',
    () => `${where}: ${name} holds no images; expected at least one.`,
  );
  for (let i = 0; i < values.length; i++) {
    check(
      Number.isFinite(values[i]),
      'NOT_FINITE',
      () =>
        `${where}: image ${Math.floor((i * shape[0]) / values.length)} of ${name} holds ` +
        `${values[i]}; expected finite values.`,
      { index: i, value: values[i] },
    );
  }
}

/** Two sets of images of one height, width and channel count. */
export function checkSameSize(where: string, train: PixelBlock, test: PixelBlock): void {
  check(
    train.shape.slice(1).every((side, i) => side === test.shape[i + 1]),
    'SHAPE_MISMATCH',
    () =>
      `${where}: test images are [${test.shape.slice(1).join(', ')}] but training images are ` +
      `[${train.shape.slice(1).join(', ')}]; resize one of them.`,
    { train: train.shape, test: test.shape },
  );
}

/** Values per image. */
export function featureCount({ shape }: PixelBlock): number {
  return shape[1] * shape[2] * shape[3];
}
