import type { Interval } from '../metrics/interval.js';
import { quantile } from '../metrics/quantile.js';
import { promisedThreshold } from '../support/promised-threshold.js';
import { RandomStream } from '../support/random.js';
import { replicatesOf } from './mean-interval.js';

/** How thresholds are set again. */
export interface RecalibrationPlan {
  /** Numbers of local normals, m. */
  readonly normals: readonly number[];
  /** How often m of them are drawn. */
  readonly draws: number;
  /** Share of normals meant to stay below a threshold. */
  readonly quantile: number;
}

/** What came of one number of local normals; without rates it says what is missing. */
interface Recalibrated {
  readonly normals: number;
  readonly falseAlarms?: Interval;
  readonly sensitivity?: Interval;
  readonly missing?: string;
}

/**
 * What becomes of false alarms and sensitivity where m local normals set the threshold, as `model.calibrate` does.
 *
 * Every draw takes m of the local normals without putting any back; the same for all seeds and detectors, so that these are
 * compared on the same draws.
 */
export function recalibrated(
  {
    scores,
    normals,
    anomalies,
    local,
  }: {
    /** [seeds][images]. */
    readonly scores: readonly ArrayLike<number>[];
    /** Which images are normal. */
    readonly normals: readonly number[];
    /** Which are not. */
    readonly anomalies: readonly number[];
    /** [seeds][local normals]. */
    readonly local: readonly ArrayLike<number>[];
  },
  { normals: counts, draws, quantile: share }: RecalibrationPlan,
): readonly Recalibrated[] {
  const pool = local[0]?.length ?? 0;
  return counts.map((count) => {
    if (pool < count)
      return { normals: count, missing: `there are ${pool} local normals that are not judged` };
    if (normals.length === 0) return { normals: count, missing: 'no judged image is normal' };
    const [alarms, caught]: [number[], number[]] = [[], []];
    for (let draw = 0; draw < draws; draw++) {
      const drawn = new RandomStream(draw, ['local normals', count]).permutation(pool);
      scores.forEach((own, seed) => {
        const sorted = Float64Array.from(drawn.subarray(0, count), (i) => local[seed][i]).sort();
        const threshold = promisedThreshold(sorted, share);
        const reaching = (images: readonly number[]) =>
          images.filter((i) => own[i] >= threshold).length / images.length;
        alarms.push(reaching(normals));
        if (anomalies.length > 0) caught.push(reaching(anomalies));
      });
    }
    return {
      normals: count,
      falseAlarms: spreadOfDraws(alarms),
      ...(caught.length > 0 && { sensitivity: spreadOfDraws(caught) }),
    };
  });
}

/** The mean, and what holds 95% of the values. */
export function spreadOfDraws(values: readonly number[]): Interval {
  const sorted = Float64Array.from(values).sort();
  return {
    estimate: replicatesOf(values).mean,
    lower: quantile(sorted, 0.025),
    upper: quantile(sorted, 0.975),
  };
}
