import { check, checkKnownOptions, checkNumber, namesOf } from '../support/check.js';
import type { RandomStream } from '../support/random.js';
import { type BatchShape, checkBatch } from './pixels.js';

/** How far a training image is varied; each amount is drawn uniformly from minus to plus the limit. */
export interface Augmentation {
  /** Horizontal and vertical shift, as a fraction of the width, 0 to 1. */
  readonly shift: number;
  /** Rotation about the centre, in degrees, 0 to 180. */
  readonly rotation: number;
  /** Size, as the exponent s of exp(s), 0 to 1. */
  readonly scale: number;
  /** Added to every pixel, in units of the normalised image. */
  readonly brightness: number;
  /** Spread about the image's mean, as the exponent s of exp(s), 0 to 1. */
  readonly contrast: number;
  /** Standard deviation of normal noise, in units of the normalised image. */
  readonly noise: number;
  /**
   * Mirror every second image, on average. Off for chest films: it puts the heart on the right, which
   * on a film is a finding (dextrocardia) or a marking error, and then counts as normal.
   */
  readonly horizontalFlip: boolean;
}

/** No variation: every limit 0. */
export const noAugmentation: Augmentation = Object.freeze({
  shift: 0,
  rotation: 0,
  scale: 0,
  brightness: 0,
  contrast: 0,
  noise: 0,
  horizontalFlip: false,
});

/** For chest films: 6% of the width, 8 degrees, exp(+-0.08). */
export const chestAugmentation: Augmentation = Object.freeze({
  ...noAugmentation,
  shift: 0.06,
  rotation: 8,
  scale: 0.08,
});

/** Half of `chestAugmentation`: what small sets of 32 px films scored best with on validation. */
export const slightAugmentation: Augmentation = Object.freeze({
  ...noAugmentation,
  shift: 0.03,
  rotation: 4,
  scale: 0.04,
});

/** Checks limits for the call `where`. @throws INVALID_OPTION, UNKNOWN_OPTION */
export function checkAugmentation(where: string, options: Partial<Augmentation>): void {
  checkKnownOptions(where, options, namesOf<Partial<Augmentation>>(noAugmentation));
  const limits = {
    shift: 1,
    rotation: 180,
    scale: 1,
    contrast: 1,
    brightness: undefined,
    noise: undefined,
  };
  for (const [name, max] of Object.entries(limits)) {
    // A limit that is there but undefined would make every pixel NaN.
    if (name in options)
      checkNumber(where, name, options[name as keyof typeof limits] as number, { min: 0, max });
  }
  const { horizontalFlip = false } = options;
  check(
    typeof horizontalFlip === 'boolean',
    'INVALID_OPTION',
    () => `${where}: horizontalFlip is ${JSON.stringify(horizontalFlip)}; expected true or false.`,
  );
}

/**
 * A varied copy of each image: shift, rotation, size and mirror by one affine map (bilinear, border
 * repeated), then contrast, brightness and noise.
 *
 * Every image has a stream of its own and takes the same draws from it whatever is switched on, so
 * neither the batch it is in nor another option changes its map.
 *
 * @param values [count, height, width, channels], normalised
 * @param shape of the values
 * @param random the stream of the image at a position of the batch
 * @param options limits; one that is left out is 0
 * @returns [count, height, width, channels], a new array
 * @throws INVALID_OPTION, UNKNOWN_OPTION, SHAPE_MISMATCH
 * @example
 * const stream = (i: number) => new RandomStream(7, ['augment', 0, i]);
 * const views = augment(values, [2, 64, 64, 1], stream, chestAugmentation);
 */
export function augment(
  values: Float32Array,
  shape: BatchShape,
  random: (image: number) => RandomStream,
  options: Partial<Augmentation>,
): Float32Array {
  return augmentFor('augment', values, shape, random, options);
}

/** `augment` for the public call `where`. */
export function augmentFor(
  where: string,
  values: Float32Array,
  shape: BatchShape,
  random: (image: number) => RandomStream,
  options: Partial<Augmentation>,
): Float32Array {
  checkAugmentation(where, options);
  checkBatch(where, values, shape);
  const limits = { ...noAugmentation, ...options };
  const [count, height, width, channels] = shape;
  const size = height * width * channels;
  const result = new Float32Array(values.length);
  for (let image = 0; image < count; image++) {
    const stream = random(image);
    const source = values.subarray(image * size, (image + 1) * size);
    const target = result.subarray(image * size, (image + 1) * size);
    warp(source, target, [height, width, channels], drawMap(stream, limits, width));
    tone(target, stream, limits);
  }
  return result;
}

/**
 * The same shift, rotation, size and mirror as `augment` gives the images, of their masks.
 *
 * @param masks [count, height, width], 0 to 1
 * @param shape of the masks, with 1 channel
 * @param random fresh streams of the names that the images had
 * @returns the same shape, a new array
 * @throws INVALID_OPTION, UNKNOWN_OPTION, SHAPE_MISMATCH
 */
export function augmentMasks(
  masks: Float32Array,
  shape: BatchShape,
  random: (image: number) => RandomStream,
  options: Partial<Augmentation>,
): Float32Array {
  return augment(masks, shape, random, { ...options, brightness: 0, contrast: 0, noise: 0 });
}

/** From an output pixel, measured from the centre, to the input: [u, v] = [[a, b], [c, d]] [x, y] + [tx, ty]. */
interface AffineMap {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly tx: number;
  readonly ty: number;
}

function drawMap(random: RandomStream, limits: Augmentation, width: number): AffineMap {
  const shiftX = signed(random) * limits.shift * width;
  const shiftY = signed(random) * limits.shift * width;
  const angle = (signed(random) * limits.rotation * Math.PI) / 180;
  const size = Math.exp(signed(random) * limits.scale);
  const mirror = random.uniform() < 0.5 && limits.horizontalFlip ? -1 : 1;
  // The inverse of: mirror, scale by `size`, turn by `angle`, shift.
  const cos = Math.cos(angle) / size;
  const sin = Math.sin(angle) / size;
  const a = mirror * cos;
  const b = mirror * sin;
  return { a, b, c: -sin, d: cos, tx: -a * shiftX - b * shiftY, ty: sin * shiftX - cos * shiftY };
}

function warp(
  source: Float32Array,
  target: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  { a, b, c, d, tx, ty }: AffineMap,
): void {
  const right = width - 1;
  const bottom = height - 1;
  const originX = right / 2;
  const originY = bottom / 2;
  const line = width * channels;
  let at = 0;
  for (let y = 0; y < height; y++) {
    const startX = b * (y - originY) + tx + originX;
    const startY = d * (y - originY) + ty + originY;
    for (let x = 0; x < width; x++) {
      let u = a * (x - originX) + startX;
      let v = c * (x - originX) + startY;
      if (u < 0) u = 0;
      else if (u > right) u = right;
      if (v < 0) v = 0;
      else if (v > bottom) v = bottom;
      // Neither is negative, so this rounds down.
      const left = u | 0;
      const top = v | 0;
      const alongX = u - left;
      const alongY = v - top;
      const upper = top * line + left * channels;
      const below = top < bottom ? line : 0;
      const next = left < right ? channels : 0;
      for (let i = upper; i < upper + channels; i++) {
        const j = i + below;
        const above = source[i] + alongX * (source[i + next] - source[i]);
        const under = source[j] + alongX * (source[j + next] - source[j]);
        target[at++] = above + alongY * (under - above);
      }
    }
  }
}

/** Contrast, brightness and noise, in place. */
function tone(image: Float32Array, random: RandomStream, limits: Augmentation): void {
  const spread = Math.exp(signed(random) * limits.contrast);
  const lift = signed(random) * limits.brightness;
  if (spread !== 1 || lift !== 0) {
    let mean = 0;
    for (let i = 0; i < image.length; i++) mean += image[i];
    mean /= image.length;
    for (let i = 0; i < image.length; i++) image[i] = mean + spread * (image[i] - mean) + lift;
  }
  if (limits.noise > 0)
    for (let i = 0; i < image.length; i++) image[i] += limits.noise * random.gaussian();
}

/** Uniform in [-1, 1). */
function signed(random: RandomStream): number {
  return 2 * random.uniform() - 1;
}
