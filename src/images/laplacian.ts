/**
 * How sharp an image is: the mean over the pixels off the border of (up + down + left + right - 4 centre)^2.
 *
 * @param values [height, width, channels], flattened
 * @returns 0 for a flat image; NaN below 3 x 3 pixels
 */
export function meanSquaredLaplacian(
  values: Float32Array,
  height: number,
  width: number,
  channels: number,
): number {
  const line = width * channels;
  let squares = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let i = y * line + channels; i < (y + 1) * line - channels; i++) {
      const around =
        values[i - line] + values[i + line] + values[i - channels] + values[i + channels];
      squares += (around - 4 * values[i]) ** 2;
    }
  }
  return squares / (Math.max(0, height - 2) * Math.max(0, width - 2) * channels);
}
