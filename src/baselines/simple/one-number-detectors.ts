import type { Detector } from '../../core/detector.js';
import { none } from '../../images/image-normalization.js';
import { checkChoice } from '../../support/check.js';
import { BaselineDetector } from '../detector/baseline-detector.js';
import { NO_EPOCHS } from '../detector/body.js';
import type { PixelBlock } from '../detector/pixel-block.js';
import { type DetectorOptions, resolveDetector } from '../detector/settings.js';
import { meanIntensityScores, textureScores } from './one-number.js';

/**
 * The mean of an image's pixels as its score: what brightness alone can tell. `fit` learns nothing.
 *
 * @param options the default of `imageNormalization` is `none()` here.
 * @example
 * const baseline = meanIntensity({ inputShape: [32, 32, 1] });
 */
export function meanIntensity(options: DetectorOptions): Detector {
  return oneNumber('meanIntensity', options, {}, (images) => meanIntensityScores(images));
}

/** Options of `texture`. */
export interface TextureOptions extends DetectorOptions {
  /** Minus the mean absolute local contrast, or minus the mean squared Laplacian. @defaultValue 'localContrast' */
  readonly measure?: 'localContrast' | 'laplacian';
}

/**
 * Smoothness as the score, `textureScores` as a detector: what sharpness alone can tell. `fit` learns nothing.
 *
 * @param options the default of `imageNormalization` is `none()` here.
 * @example
 * const baseline = texture({ inputShape: [32, 32, 1], measure: 'laplacian' });
 */
export function texture(options: TextureOptions): Detector {
  const { measure = 'localContrast' } = options;
  checkChoice('texture', 'measure', measure, ['localContrast', 'laplacian']);
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
    { ...options, imageNormalization: options.imageNormalization ?? none() },
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
