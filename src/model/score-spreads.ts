import type { ScoreSpread } from '../core/combined-score.js';

/** Mean and deviation of both scores on normal images that made neither bank. */
export interface ScoreSpreads {
  readonly embedding: ScoreSpread;
  readonly cells: ScoreSpread;
}

/** For scores that cannot be standardised: normal images all score alike, or there is but one. */
export const asTheyAre: ScoreSpreads = Object.freeze({
  embedding: Object.freeze({ mean: 0, deviation: 1 }),
  cells: Object.freeze({ mean: 0, deviation: 1 }),
});
