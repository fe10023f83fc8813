import { check } from '../support/check.js';
import type { ImageBatch, ImageShape } from './pixels.js';
import type { ResizePolicy } from './resize.js';

/** Channels that the network takes, and a size that it takes or is brought to. @throws SHAPE_MISMATCH */
export function checkTaken(
  where: string,
  { shape, ids }: Pick<ImageBatch, 'shape'> & { readonly ids?: readonly string[] },
  {
    inputShape,
    resize: policy,
  }: { readonly inputShape: ImageShape; readonly resize?: ResizePolicy },
): void {
  const [height, width, channels] = shape;
  const size = [inputShape[0], inputShape[1]] as const;
  const sameSize = height === size[0] && width === size[1];
  check(
    channels === inputShape[2],
    'SHAPE_MISMATCH',
    () =>
      `${where}: ${ids ? `image '${ids[0]}' has` : 'images have'} ${channels} channels but the model takes ${inputShape[2]}; convert the images, or create the model with inputShape [${inputShape[0]}, ${inputShape[1]}, ${channels}].`,
    { shape, inputShape },
  );
  check(
    sameSize || policy !== undefined,
    'SHAPE_MISMATCH',
    () =>
      `${where}: ${ids ? `image '${ids[0]}' is` : 'images are'} ${height} x ${width} but the model takes ${size[0]} x ${size[1]} (height x width); resize them, or create the model with a resize policy such as { method: 'area', fit: 'pad' }.`,
    { shape, inputShape },
  );
}
