import { splitByLabel } from './labelled-scores.js';

/** Counts of images scoring at or above each distinct score, highest score first. */
export interface ThresholdCounts {
  readonly thresholds: Float64Array;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
  readonly normals: number;
  readonly anomalies: number;
}

/** Walks down the distinct scores; equal scores are one threshold, as no cut can separate them. */
export function countAtThresholds(
  where: string,
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
): ThresholdCounts {
  const { normal, anomalous } = splitByLabel(where, scores, labels);
  normal.sort();
  anomalous.sort();
  const thresholds: number[] = [];
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  let i = anomalous.length - 1;
  let j = normal.length - 1;
  while (i >= 0 || j >= 0) {
    const threshold = Math.max(anomalous[i] ?? -Infinity, normal[j] ?? -Infinity);
    while (i >= 0 && anomalous[i] === threshold) i--;
    while (j >= 0 && normal[j] === threshold) j--;
    thresholds.push(threshold);
    truePositives.push(anomalous.length - 1 - i);
    falsePositives.push(normal.length - 1 - j);
  }
  return {
    thresholds: Float64Array.from(thresholds),
    truePositives: Float64Array.from(truePositives),
    falsePositives: Float64Array.from(falsePositives),
    normals: normal.length,
    anomalies: anomalous.length,
  };
}
