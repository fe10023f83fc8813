/**
 * How sharp an image is: the mean over the pixels off the border of (up + down + left + right - 4 centre)^2.
 *
 * @param values [height, width, channels], flattened
 * @returns 0 for a flat image; NaN below 3 x 3 pixels
 */
export function meanSquaredLaplacian(values: Float32Array, ...size: Size): number {
  return meanOverLaplacian(values, size, (laplacian) => laplacian ** 2);
}

/** The same mean of |up + down + left + right - 4 centre|. */
export function meanAbsoluteLaplacian(values: Float32Array, ...size: Size): number {
  return meanOverLaplacian(values, size, Math.abs);
}

type Size = readonly [height: number, width: number, channels: number];

function meanOverLaplacian(
  values: Float32Array,
  [height, width, channels]: Size,
  of: (laplacian: number) => number,
): number {
  const line = width * channels;
  let sum = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * line + channels; i < (y + 1) * line - channels; i++) {
      const around =
        values[i - line] + values[i + line] + values[i - channels] + values[i + channels];
      sum += of(around - 4 * values[i]);
    }
  }
  return sum / (Math.max(0, height - 2) * Math.max(0, width - 2) * channels);
}
