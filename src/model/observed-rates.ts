import { falseAlarmBound } from '../metrics/false-alarm-bound.js';
import { wilsonInterval } from '../metrics/wilson.js';
import type { FoundAnomalies, ObservedRates } from '../support/decision-threshold.js';

/** Scores of images, which of those are abnormal, and the group of each. */
export interface KnownScores {
  readonly scores: ArrayLike<number>;
  readonly abnormal: readonly boolean[];
  readonly groups?: readonly string[];
}

/** What a threshold that normal ones did not set does. @param everyThreshold whether it may have been chosen by the scores of these normals */
export function observedRates(
  known: KnownScores,
  threshold: number,
  { everyThreshold }: { everyThreshold: boolean },
): ObservedRates {
  const [normals, anomalies] = [ofClass(known, false), ofClass(known, true)];
  const falseAlarms = normals.length > 0 ? shareReaching(normals, threshold) : undefined;
  return {
    normalCount: normals.length,
    anomalyCount: anomalies.length,
    ...(falseAlarms !== undefined && {
      observedFalseAlarmRate: falseAlarms,
      certifiedFalseAlarmRate: certifiedOf(normals, threshold, everyThreshold),
    }),
    ...found(anomalies, threshold, falseAlarms),
  };
}

/** How many abnormal images reach a threshold, and whether that is clearly more than the share of normal ones. */
export function found(
  anomalies: readonly number[],
  threshold: number,
  falseAlarms: number | undefined,
): FoundAnomalies {
  const anomalyCount = anomalies.length;
  if (anomalyCount === 0) return {};
  const hits = countReaching(anomalies, threshold);
  const { estimate, lower, upper } = wilsonInterval(hits, anomalyCount);
  return {
    anomalyCount,
    observedSensitivity: estimate,
    sensitivityInterval: { lower, upper },
    ...(falseAlarms !== undefined && { useful: lower > falseAlarms }),
  };
}

/** With 95% confidence at most this share of new normals reaches it. @param everyThreshold whether it may have been chosen by the scores of these */
export function certifiedOf(
  normals: readonly number[],
  threshold: number,
  everyThreshold: boolean,
): number {
  return falseAlarmBound(countReaching(normals, threshold), normals.length, { everyThreshold });
}

export function shareReaching(scores: readonly number[], threshold: number): number {
  return countReaching(scores, threshold) / scores.length;
}

function countReaching(scores: readonly number[], threshold: number): number {
  return scores.filter((score) => score >= threshold).length;
}

export function ofClass({ scores, abnormal }: KnownScores, wanted: boolean): number[] {
  return Array.from(scores).filter((_, i) => abnormal[i] === wanted);
}
