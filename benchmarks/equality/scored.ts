import type { ScoreResult } from 'salad-ad';

/** What one runtime says of the films, in plain numbers, so that a page and another program can send it. */
export interface Scored {
  readonly scores: readonly number[];
  readonly pValues: readonly number[];
  /** Whether a score reaches the threshold. */
  readonly abnormal: readonly boolean[];
  /** [films][K], nearest first. */
  readonly nearestRows: readonly (readonly number[])[];
}

/** What the library's scorers give, in that form. @throws where the model is not calibrated */
export function scoredOf({ scores, pValues, abnormal, nearestRows }: ScoreResult): Scored {
  if (!pValues || !abnormal) throw new Error('expected a calibrated model');
  return {
    scores: Array.from(scores),
    pValues: Array.from(pValues),
    abnormal: [...abnormal],
    nearestRows: nearestRows.map((rows) => Array.from(rows)),
  };
}
