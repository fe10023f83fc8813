import type { Contestant } from './contestant.js';

/** Two contestants, and what is claimed of them. */
export interface Ratio {
  readonly row: string;
  /** What is divided by what, in words. */
  readonly what: string;
  readonly ours: string;
  readonly against: string;
  /** A contestant whose time, so many times, is added to that of `against`. */
  readonly plus?: { readonly times: number; readonly of: string };
  /** Largest ratio that reaches the target; without one or the other it is only printed. */
  readonly atMost?: number;
  /** Smallest ratio that reaches it, where more is better. */
  readonly atLeast?: number;
}

/** Contestants that are measured together, and the ratios between them. */
export interface Case {
  readonly row: string;
  /** Side of the images in pixels, or rows of the bank. */
  readonly size: number;
  readonly backend: string;
  /** Are started and stopped first, one after the other: they write what the contestants read. */
  readonly before?: readonly Contestant[];
  readonly contestants: Readonly<Record<string, Contestant>>;
  readonly ratios: readonly Ratio[];
  /** Pieces of work in one measurement (images, queries): figures are then pieces a second. */
  readonly work?: number;
  /** Unit of the figures; 'ms'. */
  readonly unit?: string;
  /** One measurement of each contestant is all there is, such as a peak of memory. */
  readonly once?: boolean;
}
