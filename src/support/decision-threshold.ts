/** Scores of `value` and above are called abnormal; JSON, fitted on validation normals. */
export interface ScoreThreshold {
  /** In units of the score. */
  readonly value: number;
  /** The share of normals meant to stay below it, in (0, 1]. */
  readonly quantile: number;
  /**
   * The promise: at most this share of new normals is expected at or above `value`, where they are exchangeable with the
   * validation normals. `1 - quantile`, or 1 / (normalCount + 1) where so few normals promise no less. Absent in files of version 0.1.
   */
  readonly falseAlarmRate?: number;
  /** How many validation normals it was computed from. */
  readonly normalCount: number;
}

/**
 * The threshold of a model, and what is promised of it; JSON. `chosenBy` says which: a false alarm rate, a sensitivity, or nothing,
 * since the user gave the number.
 *
 * @example
 * const { decisionThreshold } = await model.score(films);
 * if (decisionThreshold?.chosenBy === 'user') console.log('no rate is promised');
 */
export type DecisionThreshold =
  | ({
      /** Of new normal images at most a share reaches it. */
      readonly chosenBy: 'falseAlarmRate';
    } & ScoreThreshold)
  | {
      /** Of new abnormal images at least a share reaches it; or nothing is promised, since the user gave the number. */
      readonly chosenBy: 'sensitivity' | 'user';
      /** In units of the score. */
      readonly value: number;
      /**
       * The promise: at least this share of new abnormal images is expected at or above `value`, where they are exchangeable with
       * those that it was computed from. Absent where the user chose.
       */
      readonly sensitivity?: number;
      /** Normal images that `calibrate` was given. */
      readonly normalCount: number;
      /** Abnormal images that it was given. */
      readonly anomalyCount: number;
      /** The share of those normal images that reach the threshold: counted, no promise of new ones; absent without any. */
      readonly observedFalseAlarmRate?: number;
      /** The share of those abnormal images that reach it; absent without any. */
      readonly observedSensitivity?: number;
    };

/** A threshold that promises no false alarm rate. */
type OtherThreshold = Exclude<DecisionThreshold, { readonly chosenBy: 'falseAlarmRate' }>;

/** What its images did, and how many there were. */
export type ObservedRates = Omit<OtherThreshold, 'chosenBy' | 'value' | 'sensitivity'>;

/**
 * What a threshold promises, as a sentence for people.
 *
 * @param threshold of a model or a result: `decisionThreshold`.
 * @returns text without a full stop.
 * @example
 * console.log(thresholdText({ chosenBy: 'falseAlarmRate', value: 0.4, quantile: 0.95, falseAlarmRate: 0.05, normalCount: 89 }));
 * // at most 5% of new normal images are expected to reach it (computed from 89 normal images)
 */
export function thresholdText(threshold: DecisionThreshold): string {
  if (threshold.chosenBy === 'falseAlarmRate') {
    const { falseAlarmRate, quantile, normalCount } = threshold;
    return falseAlarmRate === undefined
      ? `${percent(quantile)} of ${normalCount} normal images were meant to stay below it; nothing is promised of new ones`
      : `at most ${percent(falseAlarmRate)} of new normal images are expected to reach it (computed from ${normalCount} normal images)`;
  }
  const { sensitivity, anomalyCount } = threshold;
  const chosen =
    sensitivity === undefined
      ? 'chosen by the user'
      : `at least ${percent(sensitivity)} of new abnormal images are expected to reach it (computed from ${anomalyCount} abnormal images)`;
  return `${chosen}; ${observed(threshold)}`;
}

function observed(rates: ObservedRates): string {
  const { normalCount, anomalyCount, observedFalseAlarmRate, observedSensitivity } = rates;
  const parts = [
    observedFalseAlarmRate !== undefined &&
      `${percent(observedFalseAlarmRate)} of ${normalCount} normal`,
    observedSensitivity !== undefined &&
      `${percent(observedSensitivity)} of ${anomalyCount} abnormal`,
  ].filter(Boolean);
  return `${parts.join(' and ')} images at hand reach it, which promises nothing`;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))}%`;
}
