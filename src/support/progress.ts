/**
 * How far a long task has come; every callback of progress is given one.
 *
 * @example
 * const show = ({ done, total, secondsLeft }: Progress) => console.log(`${done} of ${total}, ${secondsLeft} s left`);
 */
export interface Progress {
  /** Pieces of work that are finished: images, runs. */
  readonly done: number;
  /** Pieces of work in all. */
  readonly total: number;
  /** Estimate at the mean pace so far. */
  readonly secondsLeft: number;
}
