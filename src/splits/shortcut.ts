import type { AreaInterval } from '../metrics/delong.js';

/**
 * A shortcut: how well one attribute alone tells abnormal from normal images, without any pathology being seen.
 *
 * @see Geirhos et al. 2020, Shortcut learning in deep neural networks (Nature Machine Intelligence 2).
 * @example
 * const [clearest] = splitSummary(split.parts).find(({ part }) => part === 'test')?.shortcuts ?? [];
 * console.log(clearest?.attribute, clearest?.area.estimate);
 */
export interface Shortcut {
  /** The attribute: of the record, or, for image size, brightness and what follows it, of the pixels: see `InspectedImages`. */
  readonly attribute:
    | 'view'
    | 'bodyPart'
    | 'sex'
    | 'age'
    | 'originalSize'
    | 'imageSize'
    | 'brightness'
    | 'sharpness'
    | 'localContrast'
    | 'fineTexture';
  /**
   * Area under the ROC curve, with DeLong's 95% interval. A number is turned so that the area is at least .5. A category is
   * scored by the share of abnormal images among these very images that have it, so many rare categories look better than they
   * are.
   */
  readonly area: AreaInterval;
  /** How many images of both classes have the attribute. */
  readonly images: number;
  /** What points to abnormal: a category, 'higher' or 'lower'. */
  readonly abnormal: string;
}
