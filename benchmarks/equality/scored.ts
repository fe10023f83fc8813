import type { ScoreResult } from 'salad-ad';

/** What one runtime says of the films, in plain numbers, so that a page and another program can send it. */
export interface Scored {
  readonly scores: readonly number[];
  /** What the score sums up, before it is brought to standard deviations. */
  readonly terms: Readonly<Record<TermName, readonly number[]>>;
  readonly pValues: readonly number[];
  /** Whether a score reaches the threshold. */
  readonly abnormal: readonly boolean[];
  /** [films][K], nearest first. */
  readonly nearestRows: readonly (readonly number[])[];
  /** Their angles, radians; of the reference alone, which tells where two rows are as near as each other. */
  readonly nearestAngles?: readonly (readonly number[])[];
  /** Of the runtime, in words. */
  readonly version: string;
}

/** Terms of the models' score: `score: 'both'`, and `method: 'angular'`. */
export const TERMS = ['embedding', 'cells'] as const;
export type TermName = (typeof TERMS)[number];

/** What the library's scorers give, in that form. @throws where the model is not calibrated, or reads no cells */
export function scoredOf(version: string, result: ScoreResult): Scored {
  const { scores, angular, cells, pValues, abnormal, nearestRows, nearestAngles } = result;
  if (!pValues || !abnormal || !cells) throw new Error('expected a calibrated model of cells');
  return {
    scores: Array.from(scores),
    terms: { embedding: Array.from(angular), cells: Array.from(cells) },
    pValues: Array.from(pValues),
    abnormal: [...abnormal],
    nearestRows: nearestRows.map((rows) => Array.from(rows)),
    nearestAngles: nearestAngles.map((angles) => Array.from(angles)),
    version,
  };
}
