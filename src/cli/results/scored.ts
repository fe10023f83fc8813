import type { ScoreResult } from 'salad-ad';

/** What is known of an image by any kind of model; a detector gives scores alone. */
export type Scored = Pick<ScoreResult, 'ids' | 'scores' | 'indices' | 'problems'> &
  Partial<ScoreResult>;

/** How much there is to do, and with what. */
export interface Plan {
  readonly images: number;
  readonly backend: string;
  readonly threads?: number;
}
