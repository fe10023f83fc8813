import { none } from '../../images/image-normalization.js';
import type { Detector } from '../../learning/detector.js';
import { checkChoice } from '../../support/check.js';
import { BaselineDetector } from '../detector/baseline-detector.js';
import { NO_EPOCHS } from '../detector/body.js';
import type { PixelBlock } from '../detector/pixel-block.js';
import { type DetectorOptions, resolveDetector } from '../detector/settings.js';
import { meanIntensityScores, textureScores } from './one-number.js';

/**
 * The mean of an image's pixels as its score: how far brightness alone separates the classes. `fit` learns nothing.
 *
 *     score = mean x
 *
 * @param options `inputShape`; the others have defaults, `none()` for `imageNormalization`
 * @returns a detector that has learnt nothing yet
 * @throws INVALID_OPTION, UNKNOWN_OPTION. Its `score`: SHAPE_MISMATCH, EMPTY_SET, NOT_FINITE
 * @example
 * const baseline = meanIntensity({ inputShape: [32, 32, 1] });
 */
export function meanIntensity(options: DetectorOptions): Detector {
  return oneNumber('meanIntensity', options, {}, (images) => meanIntensityScores(images));
}

/** Options of `texture`. */
export interface TextureOptions extends DetectorOptions {
  /**
   * Minus the mean absolute local contrast, minus the mean squared Laplacian, or minus the mean absolute Laplacian of the local
   * contrast.
   * @defaultValue 'localContrast'
   */
  readonly measure?: 'localContrast' | 'laplacian' | 'fineTexture';
}

/**
 * Smoothness as the score, `textureScores` as a detector: how far sharpness alone separates the classes. `fit` learns nothing.
 *
 * @param options `inputShape`; the others have defaults, `none()` for `imageNormalization`
 * @returns a detector that has learnt nothing yet
 * @throws INVALID_OPTION, UNKNOWN_OPTION. Its `score`: SHAPE_MISMATCH, also for images smaller than 3 x 3, EMPTY_SET, NOT_FINITE
 * @example
 * const baseline = texture({ inputShape: [32, 32, 1], measure: 'laplacian' });
 */
export function texture(options: TextureOptions): Detector {
  const { measure = 'localContrast' } = options ?? {};
  checkChoice('texture', 'measure', measure, ['localContrast', 'laplacian', 'fineTexture']);
  return oneNumber('texture', options, { measure }, (images) => textureScores(images)[measure]);
}

function oneNumber(
  kind: string,
  options: DetectorOptions,
  defaults: object,
  scores: (images: PixelBlock) => Float64Array,
): Detector {
  const settings = resolveDetector<DetectorOptions>(
    kind,
    { ...options, imageNormalization: options?.imageNormalization ?? none() },
    defaults,
  );
  return new BaselineDetector({
    kind,
    name: 'measure' in settings ? `${kind}-${settings.measure}` : kind,
    usesLabels: false,
    settings,
    body: () => ({
      learn: async () => NO_EPOCHS,
      scores,
      pack: () => ({ tensors: {}, facts: {} }),
      unpack: () => {},
      dispose: () => {},
    }),
  });
}
