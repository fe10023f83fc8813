import { FarthestFirst } from './farthest-first.js';
import { Sketches } from './sketches.js';

/**
 * Chooses row after row, each the one farthest from those chosen before.
 *
 * The distance of a row to the nearest chosen one only becomes smaller as more are chosen. So a row is compared with
 * those that came since it was last looked at only when its old distance is the largest of all, and no further
 * than to one that is nearer. Most rows soon lie so near to a chosen one that they never come up again.
 */
export class FarthestRows {
  /** Those chosen, in their order. */
  readonly rows: Int32Array;
  private count = 0;
  /** Squared distance of each row to the nearest of the chosen rows that it was compared with. */
  private readonly squares: Float64Array;
  /** With how many of the chosen rows each row was compared. */
  private readonly compared: Int32Array;
  private readonly order: FarthestFirst;
  private readonly sketches: Sketches;

  /** @param numbers [size * dim]. @param first the row to choose first. */
  constructor(
    private readonly numbers: Float32Array,
    private readonly dim: number,
    first: number,
  ) {
    const size = numbers.length / dim;
    this.rows = new Int32Array(size);
    this.compared = new Int32Array(size);
    this.squares = new Float64Array(size).fill(Number.MAX_VALUE);
    this.squares[first] = Number.POSITIVE_INFINITY;
    this.order = new FarthestFirst(this.squares);
    this.sketches = new Sketches(numbers, dim);
  }

  /** Looks at so many rows at most for the next one. @returns whether it is chosen. */
  choose(looks: number): boolean {
    for (let look = 0; look < looks; look++) {
      const row = this.order.first;
      if (this.compared[row] === this.count) {
        this.rows[this.count++] = row;
        this.sketches.keep(row);
        this.order.removeFirst();
        return true;
      }
      if (this.comesNearer(row)) this.order.moveFirst();
    }
    return false;
  }

  /** Compares a row with chosen ones until one is nearer than those before. */
  private comesNearer(row: number): boolean {
    const { rows, count, squares, compared, sketches } = this;
    let at = compared[row];
    for (;;) {
      at = sketches.firstNear(row, at, squares[row]);
      if (at === count) break;
      const square = this.squaredDistance(row, rows[at++]);
      if (square >= squares[row]) continue;
      squares[row] = square;
      compared[row] = at;
      return true;
    }
    compared[row] = count;
    return false;
  }

  private squaredDistance(one: number, other: number): number {
    const { numbers, dim } = this;
    let sum = 0;
    for (let i = one * dim, j = other * dim; i < (one + 1) * dim; i++, j++) {
      const difference = numbers[i] - numbers[j];
      sum += difference * difference;
    }
    return sum;
  }
}
