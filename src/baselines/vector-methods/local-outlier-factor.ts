import type { Detector } from '../../learning/detector.js';
import { checkNumber } from '../../support/check.js';
import { aNumber, fields, listOf } from '../../support/json-rules.js';
import { type FeatureOptions, featureDetector, resolveFeatures } from './feature-detector.js';
import { countOf, ofEach, squaredDistance, type VectorMethod, type Vectors } from './vectors.js';

/** Options of `localOutlierFactor`. */
export interface LocalOutlierFactorOptions extends FeatureOptions {
  /** k; at most the training images less one (scikit-learn: 20). @defaultValue 20 */
  readonly neighbors?: number;
}

/**
 * The local outlier factor, on pixels or on embeddings: how much thinner the training images lie around an image
 * than around its neighbours.
 *
 *     reach(x, o) = max(|x - o|, distance of o to its k-th neighbour)
 *     density(x) = 1 / mean of reach(x, o) over the k nearest o;   score = mean density(o) / density(x)
 *
 * Labels are ignored. A new image is compared with training images alone.
 *
 * @param options `inputShape`; the others have defaults
 * @returns a detector that has learnt nothing yet
 * @throws INVALID_OPTION, UNKNOWN_OPTION. Its `fit`: SHAPE_MISMATCH.
 * `loadDetector`: NOT_A_MODEL
 * @see Breunig et al., "LOF: Identifying Density-Based Local Outliers", SIGMOD 2000; scikit-learn's
 * LocalOutlierFactor(novelty=True) gives minus this score. Of neighbours at one distance k are taken, as there.
 * @example
 * const detector = localOutlierFactor({ inputShape: [32, 32, 1], features: (seed) => memDae({ backbone, seed }) });
 */
export function localOutlierFactor(options: LocalOutlierFactorOptions): Detector {
  const where = 'localOutlierFactor';
  const settings = resolveFeatures(where, options, { neighbors: 20 });
  checkNumber(where, 'neighbors', settings.neighbors, { min: 1, integer: true });
  return featureDetector(where, settings, localOutlierFactorMethod(settings.neighbors));
}

/** Added to a mean reach: images that occur k times over have a density still. */
const EPSILON = 1e-10;

export function localOutlierFactorMethod(asked: number): VectorMethod {
  return {
    *fit(kept) {
      const count = countOf(kept);
      const k = Math.max(1, Math.min(asked, count - 1));
      const near: Near[] = [];
      for (let i = 0; i < count; i++) {
        near.push(nearest(kept, i, kept, k, i));
        yield;
      }
      const reaches = near.map(({ distances }) => distances[k - 1]);
      const densities = near.map((one) => density(one, reaches));
      return { kept, facts: { k, reaches, densities } };
    },
    factsRule: (kept) => {
      const count = countOf(kept);
      const ofEach = listOf(aNumber({ min: 0 }), count, count);
      const k = aNumber({ min: 1, max: count, integer: true });
      return fields({ k, reaches: ofEach, densities: ofEach });
    },
    scores({ kept, facts }, queries) {
      const { k, reaches, densities } = facts as {
        k: number;
        reaches: number[];
        densities: number[];
      };
      return ofEach(queries, (i) => {
        const near = nearest(queries, i, kept, k);
        const around = near.rows.reduce((sum, row) => sum + densities[row], 0) / k;
        return around / density(near, reaches);
      });
    },
  };
}

interface Near {
  readonly rows: readonly number[];
  readonly distances: readonly number[];
}

/** The k of `kept` nearest to query `i`, nearest first, without row `own`; ties to the lower row. */
function nearest(queries: Vectors, i: number, kept: Vectors, k: number, own = -1): Near {
  const squares = Float64Array.from({ length: countOf(kept) }, (_, j) =>
    squaredDistance(queries, i, kept, j),
  );
  const rows = Array.from(squares.keys())
    .filter((row) => row !== own)
    .sort((a, b) => squares[a] - squares[b] || a - b)
    .slice(0, k);
  return { rows, distances: rows.map((row) => Math.sqrt(squares[row])) };
}

function density({ rows, distances }: Near, reaches: readonly number[]): number {
  const sum = rows.reduce((total, row, i) => total + Math.max(distances[i], reaches[row]), 0);
  return 1 / (sum / rows.length + EPSILON);
}
