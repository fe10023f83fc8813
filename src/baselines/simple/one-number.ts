import { meanAbsoluteLaplacian, meanSquaredLaplacian } from '../../images/laplacian.js';
import { localContrast } from '../../images/local-contrast.js';
import { check } from '../../support/check.js';
import { checkImages, featureCount, type PixelBlock } from '../detector/pixel-block.js';

/**
 * Smoothness of each image: the score to beat where classes differ in sharpness.
 *
 * localContrast = -mean |y|, y of {@link localContrast} with its default radius;
 * laplacian = -mean (up + down + left + right - 4 center)^2, over pixels off the border;
 * fineTexture = -mean |up + down + left + right - 4 center| of y, over the same pixels: sharpness whatever the contrast of the film.
 *
 * @param images [count, height, width, channels] in [0, 1], not normalised; at least 3 x 3 pixels.
 * @returns [count] each; higher = smoother, as anomalies are in chest films of pneumonia; elsewhere the sign may
 * turn, and the area under the ROC curve is then below 0.5.
 * @throws INVALID_OPTION, SHAPE_MISMATCH, EMPTY_SET, NOT_FINITE
 * @example
 * const flat = { values: new Float32Array(16).fill(0.5), shape: [1, 4, 4, 1] as const };
 * textureScores(flat).laplacian; // 0: nothing is smoother
 */
export function textureScores(images: PixelBlock): {
  /** [count], minus the mean absolute local contrast. */
  localContrast: Float64Array;
  /** [count], minus the mean squared Laplacian. */
  laplacian: Float64Array;
  /** [count], minus the mean absolute Laplacian of the local contrast. */
  fineTexture: Float64Array;
} {
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
  const size = featureCount(images);
  const contrast = localContrast().apply(images.values, images.shape);
  const ofEach = (values: Float32Array, of: typeof meanSquaredLaplacian) =>
    Float64Array.from({ length: count }, (_, image) => {
      const own = values.subarray(image * size, (image + 1) * size);
      return -of(own, height, width, channels);
    });
  return {
    localContrast: meansOf(contrast, size, (value) => -Math.abs(value)),
    laplacian: ofEach(images.values, meanSquaredLaplacian),
    fineTexture: ofEach(contrast, meanAbsoluteLaplacian),
  };
}

/**
 * Mean intensity of each image: a score that any normalisation of brightness takes away.
 *
 * @param images [count, height, width, channels].
 * @returns [count], in the images' own unit.
 * @throws INVALID_OPTION, SHAPE_MISMATCH, EMPTY_SET, NOT_FINITE
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
