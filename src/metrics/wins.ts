import { countBelow } from './count-below.js';

/**
 * How many of `sorted` (ascending) lie below `value`, those equal to it counted half: the pairs that
 * `value` wins in the Mann-Whitney statistic.
 */
export function winsOver(sorted: Float64Array, value: number): number {
  return (countBelow(sorted, value) + countBelow(sorted, value, { orEqual: true })) / 2;
}

/** Pairs (anomalous, normal) in which the anomalous image scores higher; ties count half. */
export function totalWins(anomalous: Float64Array, normal: Float64Array): number {
  const sorted = normal.slice().sort();
  let wins = 0;
  for (const score of anomalous) wins += winsOver(sorted, score);
  return wins;
}
