import { localContrast } from '../../images/local-contrast.js';
import { check } from '../../support/check.js';
import { checkImages, featureCount, type PixelBlock } from '../detector/pixel-block.js';

/** Two scores that know nothing but how smooth an image is; higher = smoother. */
export interface TextureScores {
  /** [count], minus the mean absolute local contrast. */
  readonly localContrast: Float64Array;
  /** [count], minus the mean squared Laplacian. */
  readonly laplacian: Float64Array;
}

/**
 * Smoothness of each image: the score to beat where classes differ in sharpness.
 *
 * localContrast = -mean |y|, y of {@link localContrast} with its default radius;
 * laplacian = -mean (up + down + left + right - 4 center)^2, over pixels off the border.
 *
 * @param images [count, height, width, channels] in [0, 1], not normalised; at least 3 x 3 pixels.
 * @returns Higher = smoother, as anomalies are in chest films of pneumonia; elsewhere the sign may
 * turn, and an area under the ROC curve below 0.5 says so.
 * @throws SHAPE_MISMATCH, EMPTY_SET, NOT_FINITE
 * @example
 * const flat = { values: new Float32Array(16).fill(0.5), shape: [1, 4, 4, 1] as const };
 * textureScores(flat).laplacian; // 0: nothing is smoother
 */
export function textureScores(images: PixelBlock): TextureScores {
  checkImages('textureScores', 'images', images);
  const [count, height, width, channels] = images.shape;
  check(
    height >= 3 && width >= 3,
    'SHAPE_MISMATCH',
    () =>
      `textureScores: images are ${height} x ${width} (height x width); expected at least 3 x 3, ` +
      'so that a pixel lies off the border.',
    { height, width },
  );
  const contrast = localContrast().apply(images.values, images.shape);
  return {
    localContrast: meansOf(contrast, featureCount(images), (value) => -Math.abs(value)),
    laplacian: laplacianScores(images.values, count, height, width, channels),
  };
}

/**
 * Mean intensity of each image: a score that any normalisation of brightness takes away.
 *
 * @param images [count, height, width, channels].
 * @returns [count], in the images' own unit.
 * @throws SHAPE_MISMATCH, EMPTY_SET, NOT_FINITE
 * @example
 * meanIntensityScores({ values: Float32Array.of(0, 0.5), shape: [1, 1, 2, 1] }); // 0.25
 */
export function meanIntensityScores(images: PixelBlock): Float64Array {
  checkImages('meanIntensityScores', 'images', images);
  return meansOf(images.values, featureCount(images), (value) => value);
}

function meansOf(
  values: Float32Array,
  perImage: number,
  of: (value: number) => number,
): Float64Array {
  return Float64Array.from({ length: values.length / perImage }, (_, image) => {
    let sum = 0;
    for (let i = image * perImage; i < (image + 1) * perImage; i++) sum += of(values[i]);
    return sum / perImage;
  });
}

function laplacianScores(
  values: Float32Array,
  count: number,
  height: number,
  width: number,
  channels: number,
): Float64Array {
  const line = width * channels;
  return Float64Array.from({ length: count }, (_, image) => {
    let squares = 0;
    for (let y = 1; y < height - 1; y++) {
      const row = (image * height + y) * line;
      for (let i = row + channels; i < row + line - channels; i++) {
        const around =
          values[i - line] + values[i + line] + values[i - channels] + values[i + channels];
        squares += (around - 4 * values[i]) ** 2;
      }
    }
    return -squares / ((height - 2) * (width - 2) * channels);
  });
}
