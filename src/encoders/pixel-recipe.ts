import type { Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { ImageShape } from '../images/pixels.js';
import { check, checkNumber } from '../support/check.js';

/** What is done to normalised films before an encoder sees them; JSON, saved with the model. */
export interface PixelRecipe {
  /** [height, width, channels] of a film. */
  readonly inputShape: ImageShape;
  /** Channels that the encoder takes; grey is repeated over them. */
  readonly channels: number;
  /** [channels]: what is subtracted. */
  readonly mean: readonly number[];
  /** [channels]: what the rest is divided by. */
  readonly deviation: readonly number[];
}

/** The recipe, one number standing for every channel. @throws INVALID_OPTION */
export function pixelRecipe(
  where: string,
  inputShape: ImageShape,
  given: {
    readonly channels: number;
    readonly mean: number | readonly number[];
    readonly deviation: number | readonly number[];
  },
): PixelRecipe {
  const { channels } = given;
  checkNumber(where, 'channels', channels, { min: 1, integer: true });
  check(
    inputShape[2] === channels || inputShape[2] === 1,
    'INVALID_OPTION',
    () =>
      `${where}: inputShape has ${inputShape[2]} channels but the encoder takes ${channels}; expected as many, or 1, which is repeated.`,
  );
  const perChannel = (name: 'mean' | 'deviation', range: { above?: number }) => {
    const value = given[name];
    const list = typeof value === 'number' ? new Array<number>(channels).fill(value) : value;
    check(
      Array.isArray(list) && list.length === channels,
      'INVALID_OPTION',
      () =>
        `${where}: ${name} is ${JSON.stringify(value)}; expected a number, or ${channels} of them, one a channel.`,
      { name, value },
    );
    for (const one of list) checkNumber(where, name, one, range);
    return list as readonly number[];
  };
  const mean = perChannel('mean', {});
  return { inputShape, channels, mean, deviation: perChannel('deviation', { above: 0 }) };
}

/** (film - mean) / deviation, [batch, height, width, channels]. */
export function encoderPixels(
  images: Tensor4D,
  { channels, mean, deviation }: PixelRecipe,
): Tensor4D {
  return tf.tidy(() => {
    const repeated = images.shape[3] === channels ? images : tf.tile(images, [1, 1, 1, channels]);
    return tf.div(tf.sub(repeated, tf.tensor1d([...mean])), tf.tensor1d([...deviation]));
  });
}
