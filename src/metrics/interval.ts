import { check } from '../support/check.js';

/** A value and the interval that covers it at the level asked for. */
export interface Interval {
  /** The value on all images. */
  readonly estimate: number;
  /** Lower end of the interval. */
  readonly lower: number;
  /** Upper end of the interval. */
  readonly upper: number;
}

/** Confidence levels lie strictly between 0 and 1. */
export function checkLevel(where: string, level: number): void {
  check(
    level > 0 && level < 1,
    'INVALID_OPTION',
    () => `${where}: level is ${level}; expected a number between 0 and 1, 0.95 say.`,
    { level },
  );
}
