import { checkKnownOptions, checkNumber } from '../support/check.js';
import type { ImageNormalization } from './image-normalization.js';
import { checkBatch } from './pixels.js';

/** The numbers of its formula. */
export const LOCAL_CONTRAST = Object.freeze({ epsilon: 0.05, scale: 0.5, limit: 1.5 });

const { epsilon: EPSILON, scale: SCALE, limit: LIMIT } = LOCAL_CONTRAST;
/** The widest radius: the time of a row grows with it, whatever the image. */
const MOST = 4096;

/**
 * Local contrast normalisation: what stands out from its surroundings, in units of their contrast.
 *
 *     m = mean of x over a box of (2 radius + 1)^2 pixels
 *     v = mean over the same box of (x - m)^2, where m is each pixel's own
 *     y = 0.5 (x - m) / (sqrt(v) + 0.05), clamped to [-1.5, 1.5]
 *
 * The border is reflected without repeating the edge pixel. Every channel is treated alone.
 *
 * @param options `radius`
 * @returns a normalisation for `SaladModel.create({ imageNormalization })`; its `apply` takes and gives
 *   [count, height, width, channels]
 * @throws INVALID_OPTION, UNKNOWN_OPTION; `apply` throws SHAPE_MISMATCH
 * @see Jarrett et al. 2009 (ICCV), whose window is a Gaussian and whose divisor is the larger of the
 *   deviation and its mean over the image.
 * @example
 * const pixels = localContrast({ radius: 12 }).apply(values, [16, 64, 64, 1]);
 */
export function localContrast(
  options: {
    /**
     * Half the width of the box, in pixels, a whole number of at least 1 and at most 4096.
     *
     * @defaultValue 6/32 of the shorter side of the image, at least 1
     */
    readonly radius?: number;
  } = {},
): ImageNormalization {
  checkKnownOptions('localContrast', options, { radius: true });
  const { radius } = options;
  if (radius !== undefined)
    checkNumber('localContrast', 'radius', radius, { min: 1, max: MOST, integer: true });
  return {
    name: 'localContrast',
    options: radius === undefined ? {} : { radius },
    apply(values, shape) {
      checkBatch('localContrast', values, shape);
      const [count, height, width, channels] = shape;
      const size = height * width;
      const boxMean = boxMeanOf(height, width, radiusOf(radius, height, width));
      const result = new Float32Array(values.length);
      const plane = new Float64Array(size);
      const means = new Float64Array(size);
      for (let image = 0; image < count; image++) {
        for (let channel = 0; channel < channels; channel++) {
          const start = image * size * channels + channel;
          for (let i = 0; i < size; i++) plane[i] = values[start + i * channels];
          boxMean(plane, means);
          for (let i = 0; i < size; i++) {
            const deviation = plane[i] - means[i];
            result[start + i * channels] = SCALE * deviation;
            plane[i] = deviation * deviation;
          }
          boxMean(plane, means);
          for (let i = 0; i < size; i++) {
            const at = start + i * channels;
            // The running sums may leave a variance of 0 a rounding error below 0.
            const contrast = result[at] / (Math.sqrt(Math.max(means[i], 0)) + EPSILON);
            result[at] = Math.min(LIMIT, Math.max(-LIMIT, contrast));
          }
        }
      }
      return result;
    },
  };
}

/** The radius that is given, else 6/32 of the shorter side, rounded half up; at least 1. */
export function radiusOf(radius: number | undefined, height: number, width: number): number {
  return radius ?? Math.max(1, Math.floor((6 * Math.min(height, width)) / 32 + 0.5));
}

/** The mean over a box along one axis as weights [size, size]: what each place takes of each. */
export function boxWeights(size: number, radius: number): Float32Array {
  const seen = reflected(size, radius);
  const weights = new Float64Array(size * size);
  const span = 2 * radius + 1;
  for (let place = 0; place < size; place++)
    for (let i = place; i < place + span; i++) weights[place * size + seen[i]] += 1 / span;
  return Float32Array.from(weights);
}

/** The mean over a box around every pixel of a plane, by running sums along rows, then columns. */
function boxMeanOf(
  height: number,
  width: number,
  radius: number,
): (plane: Float64Array, means: Float64Array) => void {
  const columns = reflected(width, radius);
  const rows = reflected(height, radius);
  const rowSums = new Float64Array(height * width);
  const sums = new Float64Array(width);
  const area = (2 * radius + 1) ** 2;
  return (plane, means) => {
    for (let y = 0; y < height; y++) {
      const row = y * width;
      let sum = 0;
      for (let i = 0; i < 2 * radius; i++) sum += plane[row + columns[i]];
      for (let x = 0; x < width; x++) {
        sum += plane[row + columns[x + 2 * radius]];
        rowSums[row + x] = sum;
        sum -= plane[row + columns[x]];
      }
    }
    sums.fill(0);
    for (let i = 0; i < 2 * radius; i++) {
      const row = rows[i] * width;
      for (let x = 0; x < width; x++) sums[x] += rowSums[row + x];
    }
    for (let y = 0; y < height; y++) {
      const entering = rows[y + 2 * radius] * width;
      const leaving = rows[y] * width;
      const out = y * width;
      for (let x = 0; x < width; x++) {
        sums[x] += rowSums[entering + x];
        means[out + x] = sums[x] / area;
        sums[x] -= rowSums[leaving + x];
      }
    }
  };
}

/** Entry i is the pixel seen at position i - radius of a line of `size` pixels mirrored about its ends. */
function reflected(size: number, radius: number): Int32Array {
  const period = Math.max(1, 2 * (size - 1));
  return Int32Array.from({ length: size + 2 * radius }, (_, i) => {
    const position = (((i - radius) % period) + period) % period;
    return Math.min(position, period - position) % size;
  });
}
