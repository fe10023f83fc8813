import type { ImageShape } from '../images/pixels.js';
import { check } from '../support/check.js';
import { halvings } from './layers/upsample.js';

// How many weights a network has at least, told of its options alone: what is made for a file must fit into the file.

/** Of convolutions of 3 x 3 that halve the map, and a linear map behind the last one. */
export function leastConvWeights({
  inputShape,
  channels,
  convsPerLevel = 1,
  embeddingSize,
}: {
  readonly inputShape: ImageShape;
  readonly channels: readonly number[];
  readonly convsPerLevel?: number;
  readonly embeddingSize: number;
}): number {
  const filters = channels.reduce((sum, outputs, level) => {
    const inputs = level > 0 ? channels[level - 1] : inputShape[2];
    return sum + 9 * outputs * (inputs + (convsPerLevel - 1) * outputs);
  }, 0);
  const [height, width] = halvings(inputShape, channels.length)[channels.length];
  return filters + height * width * channels[channels.length - 1] * embeddingSize;
}

/** Of the last convolution of ResNet-18, and a linear map behind it. */
export function leastResnetWeights({
  inputShape,
  width,
  embeddingSize = 1,
}: {
  readonly inputShape: ImageShape;
  readonly width: number;
  readonly embeddingSize?: number;
}): number {
  return 49 * inputShape[2] * width + 9 * (8 * width) ** 2 + 8 * width * embeddingSize;
}

/** @throws NOT_A_MODEL where a network would have more weights than its file */
export function checkLeast(where: string, least: number, most: number): void {
  check(
    least <= most,
    'NOT_A_MODEL',
    () =>
      `${where}: the network that the file describes has at least ${least} weights but the file holds ${most} numbers; expected a file as save wrote it; copy it again.`,
    { least, most },
  );
}
