import { hostTurns } from './host.js';
import { unlessAborted } from './unless-aborted.js';

/**
 * Numbered pieces of work that are begun some places before their turn.
 *
 * @param make begins piece `index`
 * @param count pieces in all
 * @param distance how many are begun before the one that is taken is returned
 * @example
 * const pages = new Ahead((i) => fetchPage(i), 10, 2);
 * for (let i = 0; i < 10; i++) show(await pages.take(i)); // i + 1 and i + 2 are on their way
 */
export class Ahead<T> {
  private readonly begun = new Map<number, Promise<T>>();

  constructor(
    private readonly make: (index: number) => Promise<T>,
    private readonly count: number,
    private readonly distance: number,
  ) {}

  /** Piece `index`, for which it waits where it must. After a failure every piece is begun again. */
  async take(index: number): Promise<T> {
    try {
      const value = await this.begin(index);
      this.begun.delete(index);
      const end = Math.min(index + this.distance, this.count - 1);
      for (let next = index + 1; next <= end; next++) this.begin(next);
      return value;
    } catch (error) {
      this.begun.clear();
      throw error;
    }
  }

  private begin(index: number): Promise<T> {
    const already = this.begun.get(index);
    if (already) return already;
    const piece = this.make(index);
    // A failure is raised when the piece is taken; nobody may ever take it.
    piece.catch(() => {});
    this.begun.set(index, piece);
    return piece;
  }
}

/**
 * All pieces in turn, as `Ahead` gives them; between two of them the host has its turn.
 *
 * @param signal ends the wait by its reason, also for a piece that never comes
 */
export async function* inTurn<T>(
  make: (index: number) => Promise<T>,
  count: number,
  distance: number,
  signal?: AbortSignal,
): AsyncGenerator<T, void> {
  const pieces = new Ahead(make, count, distance);
  const giveHostItsTurn = hostTurns(signal);
  for (let index = 0; index < count; index++) {
    await giveHostItsTurn();
    const piece = await unlessAborted(signal, () => pieces.take(index));
    await giveHostItsTurn();
    yield piece;
  }
}
