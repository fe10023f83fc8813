import type { PreparedImages } from '../images/preparation.js';
import type { SaladWarning } from '../support/warning.js';

/** Where an image begins to be suspiciously dark, as a share of white. */
export const QUARTER = 0.25;

/** Notes how high the pixels of images reach: 12-bit values that pass for 16 bits reach a sixteenth of white. */
export class RangeWatch {
  private images = 0;
  private dark = 0;
  private highest = 0;

  /** Images as they were prepared; those that are black as a whole say nothing. */
  readonly see = ({ highest }: Pick<PreparedImages, 'highest'>): void => {
    for (const value of highest) {
      if (value > 0) this.images += 1;
      if (value === 0 || value >= QUARTER) continue;
      this.dark += 1;
      this.highest = Math.max(this.highest, value);
    }
  };

  /** Warns where most images stay below a quarter of the range. */
  warn(where: string, onWarning: ((warning: SaladWarning) => void) | undefined): void {
    const { images, dark, highest } = this;
    if (2 * dark > images) onWarning?.(lowRange(where, dark, images, highest));
  }
}

/**
 * Images whose pixels stay far from white.
 *
 * @param highest of their pixels, in [0, 1]
 */
function lowRange(where: string, dark: number, images: number, highest: number): SaladWarning {
  const of16 = Math.round(highest * 65535);
  const bits = [8, 10, 12].find((bits) => of16 < 2 ** bits) ?? 14;
  return {
    code: 'LOW_RANGE',
    message: `${where}: the highest pixel of ${dark} of ${images} images lies below a quarter of the range, at ${(100 * highest).toPrecision(2)}% of white or less; values of fewer bits in 16-bit pixels look like that (${of16} of 65535): where they are, give their source the bits, bitsStored: ${bits} say (of scoreFiles, recipe: { bitsStored: ${bits} }); where the images are that dark, nothing is wrong.`,
  };
}
