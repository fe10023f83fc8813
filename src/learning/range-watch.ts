import { lowRange, type SaladWarning } from '../core/warning.js';
import type { PreparedImages } from '../images/preparation.js';

/** Where an image begins to be suspiciously dark, as a share of white. */
const QUARTER = 0.25;

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
