import { checkChoice, checkKnownOptions, checkNumber } from '../support/check.js';
import { type BatchShape, checkBatch } from './pixels.js';

/** How images of another size are brought to the model's; a JSON value, saved with the model. */
export interface ResizePolicy {
  /**
   * `area`: the mean over the area of the image that an output pixel covers, right for shrinking.
   * `bilinear`: between the four nearest pixel centres, right for enlarging; shrinking to less than
   * half skips pixels.
   */
  readonly method: 'area' | 'bilinear';
  /** `stretch`: fill the frame. `pad`: keep the aspect ratio, centre, fill the rest with black (0). */
  readonly fit: 'stretch' | 'pad';
}

/** @throws INVALID_OPTION, UNKNOWN_OPTION */
export function checkResizePolicy(where: string, policy: ResizePolicy): void {
  checkKnownOptions(where, policy, { method: true, fit: true });
  checkChoice(where, 'method', policy.method, ['area', 'bilinear']);
  checkChoice(where, 'fit', policy.fit, ['stretch', 'pad']);
}

/**
 * Resizes a batch; weighted means of float32 pixels, computed in float64, columns before rows.
 *
 * @param values [count, height, width, channels]
 * @param shape of `values`
 * @param size height and width of the result, in pixels
 * @param policy how pixels are combined, and how another aspect ratio fits
 * @returns [count, size[0], size[1], channels]
 * @throws INVALID_OPTION, UNKNOWN_OPTION, SHAPE_MISMATCH
 * @example
 * const half = resize(values, [16, 64, 64, 1], [32, 32], { method: 'area', fit: 'stretch' });
 */
export function resize(
  values: Float32Array,
  shape: BatchShape,
  size: readonly [height: number, width: number],
  policy: ResizePolicy,
): Float32Array {
  checkResizePolicy('resize', policy);
  checkBatch('resize', values, shape);
  checkNumber('resize', 'size[0]', size[0], { min: 1, integer: true });
  checkNumber('resize', 'size[1]', size[1], { min: 1, integer: true });
  const length = shape[2] * shape[3];
  return resizeLines(
    (line) => values.subarray(line * length, (line + 1) * length),
    shape,
    size,
    policy,
  );
}

/**
 * The same of values that are no float32 yet.
 *
 * @param lineOf the values [width, channels] of one line, counted over all images; they are read before the next is asked for.
 */
export function resizeLines(
  lineOf: (line: number) => Float32Array,
  [count, height, width, channels]: BatchShape,
  [frameHeight, frameWidth]: readonly [height: number, width: number],
  policy: ResizePolicy,
): Float32Array {
  const ratio =
    policy.fit === 'pad' ? Math.min(frameHeight / height, frameWidth / width) : undefined;
  const outHeight = ratio ? Math.max(1, Math.floor(height * ratio + 0.5)) : frameHeight;
  const outWidth = ratio ? Math.max(1, Math.floor(width * ratio + 0.5)) : frameWidth;
  const top = (frameHeight - outHeight) >> 1;
  const left = (frameWidth - outWidth) >> 1;
  const rows = tapsOf(policy.method, height, outHeight);
  const columns = tapsOf(policy.method, width, outWidth);
  const result = new Float32Array(count * frameHeight * frameWidth * channels);
  const length = outWidth * channels;
  const narrowed = new Float64Array(height * length);
  for (let image = 0; image < count; image++) {
    for (let y = 0; y < height; y++)
      narrow(lineOf(image * height + y), channels, columns, narrowed, y * length);
    for (let y = 0; y < outHeight; y++) {
      const { first, weights } = rows[y];
      const to = ((image * frameHeight + top + y) * frameWidth + left) * channels;
      for (let x = 0; x < length; x++) {
        let sum = 0;
        for (let i = 0; i < weights.length; i++)
          sum += weights[i] * narrowed[(first + i) * length + x];
        result[to + x] = sum;
      }
    }
  }
  return result;
}

/** Brings a line to other columns, and writes these from `to` on. */
function narrow(
  line: Float32Array,
  channels: number,
  columns: readonly Taps[],
  narrowed: Float64Array,
  to: number,
): void {
  let at = to;
  for (const { first, weights } of columns)
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0;
      for (let i = 0, k = first * channels + channel; i < weights.length; i++, k += channels)
        sum += weights[i] * line[k];
      narrowed[at++] = sum;
    }
}

/** The input pixels that make one output pixel along a line: `first`, `first + 1`, ... with weights that sum to 1. */
interface Taps {
  readonly first: number;
  readonly weights: Float64Array;
}

function tapsOf(method: ResizePolicy['method'], from: number, to: number): readonly Taps[] {
  const step = from / to;
  const taps = method === 'area' ? areaTaps : bilinearTaps;
  return Array.from({ length: to }, (_, i) => taps(i, step, from));
}

/** Overlap of each input pixel with the span [i * step, (i + 1) * step). */
function areaTaps(i: number, step: number, from: number): Taps {
  const start = i * step;
  const end = Math.min((i + 1) * step, from);
  const first = Math.floor(start);
  const last = Math.min(Math.ceil(end), from);
  const weights = new Float64Array(last - first);
  for (let j = first; j < last; j++)
    weights[j - first] = (Math.min(j + 1, end) - Math.max(j, start)) / (end - start);
  return { first, weights };
}

/** Half-pixel centres, the border repeated. */
function bilinearTaps(i: number, step: number, from: number): Taps {
  const centre = Math.min(Math.max((i + 0.5) * step - 0.5, 0), from - 1);
  const first = Math.min(Math.floor(centre), Math.max(from - 2, 0));
  if (from === 1) return { first: 0, weights: Float64Array.of(1) };
  return { first, weights: Float64Array.of(first + 1 - centre, centre - first) };
}
