/**
 * A map blurred by a Gaussian; at the border by that part of it which lies inside.
 *
 * @param values [height, width]. @param sigma in pixels; 0 leaves the map as it is.
 * @returns a new array
 */
export function smooth(
  values: Float32Array,
  [height, width]: readonly [number, number],
  sigma: number,
): Float32Array {
  if (sigma === 0) return values.slice();
  const reach = Math.ceil(3 * sigma);
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)),
  );
  const rows = new Float32Array(values.length);
  const result = new Float32Array(values.length);
  for (let y = 0; y < height; y++) alongLine(values, rows, y * width, 1, width, weights);
  for (let x = 0; x < width; x++) alongLine(rows, result, x, width, height, weights);
  return result;
}

function alongLine(
  from: Float32Array,
  to: Float32Array,
  start: number,
  step: number,
  length: number,
  weights: Float64Array,
): void {
  const reach = (weights.length - 1) / 2;
  for (let at = 0; at < length; at++) {
    let sum = 0;
    let total = 0;
    for (let i = Math.max(0, at - reach); i <= Math.min(length - 1, at + reach); i++) {
      const weight = weights[i - at + reach];
      sum += weight * from[start + i * step];
      total += weight;
    }
    to[start + at * step] = sum / total;
  }
}
