import { checkObject } from './check.js';
import { restsOn, restsOnBothClasses } from './rests-on.js';

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
  /**
   * The certificate: with 95% confidence over the draw of the validation normals, at most this share of new normals reaches `value`, where all
   * are drawn independently from one distribution. Above `falseAlarmRate`, which is an expectation. Absent in files of before version 0.3.
   */
  readonly certifiedFalseAlarmRate?: number;
  /** How many validation normals it was computed from. */
  readonly normalCount: number;
}

/**
 * The threshold of a model, and what is promised of it; JSON. `chosenBy` says which: a false alarm rate, a false alarm rate of
 * normals that are not odd (which is no promise), a sensitivity, or nothing, since the user gave the number.
 *
 * @example
 * const { decisionThreshold } = await model.score(films);
 * if (decisionThreshold?.chosenBy === 'user') console.log('no rate is promised');
 * if (decisionThreshold?.useful === false) console.log('it finds no more than chance');
 */
export type DecisionThreshold = (
  | ({
      /** Of new normal images at most a share reaches it. */
      readonly chosenBy: 'falseAlarmRate';
    } & ScoreThreshold)
  | {
      /** The odd ones among the normals were left out: nothing is promised of new normals as they come. */
      readonly chosenBy: 'trimmedNormals';
      /** In units of the score. */
      readonly value: number;
      /** The share of the normals within the fence that is meant to stay below it, in (0, 1]. */
      readonly quantile: number;
      /** The fence lies so many robust deviations above the median. */
      readonly trimBeyond: number;
      /** Normals that score above it are odd; in units of the score. Absent where half of the normals score alike, and none is odd. */
      readonly fence?: number;
      /** How many of the normals were left out. */
      readonly trimmedCount: number;
      /** Normal images at hand, the odd ones too. */
      readonly normalCount: number;
      /** The share of all of them that reach the threshold, the odd ones too: counted, no promise of new ones. */
      readonly observedFalseAlarmRate: number;
    }
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
    }
) & {
  /**
   * With 95% confidence over the draw of the normals at hand, at most this share of new normals reaches `value`, where all are drawn
   * independently from one distribution. Absent without normals, and in files of before version 0.3.
   */
  readonly certifiedFalseAlarmRate?: number;
  /** Abnormal images at hand; absent where there were none, as the following are. */
  readonly anomalyCount?: number;
  /** The share of them that reach the threshold: counted, no promise of new ones; absent without any. */
  readonly observedSensitivity?: number;
  /** 95% interval of that share, by Wilson's method; absent without any. */
  readonly sensitivityInterval?: {
    /** Lower end, in [0, 1]. */
    readonly lower: number;
    /** Upper end, in [0, 1]. */
    readonly upper: number;
  };
  /**
   * Whether it finds clearly more of the abnormal images than it flags of normal ones: the lower end of the interval lies above the
   * promised false alarm rate, or, where none is promised, above the observed one; absent without images of both classes.
   */
  readonly useful?: boolean;
};

/** One that was set without odd normals. */
type TrimmedThreshold = Extract<DecisionThreshold, { readonly chosenBy: 'trimmedNormals' }>;

/** What a threshold did to abnormal images. */
export type FoundAnomalies = Pick<
  DecisionThreshold,
  'anomalyCount' | 'observedSensitivity' | 'sensitivityInterval' | 'useful'
>;

/** What the images of a threshold that was not set by normal ones did, and how many there were. */
export type ObservedRates = Omit<
  Extract<DecisionThreshold, { readonly chosenBy: 'sensitivity' | 'user' }>,
  'chosenBy' | 'value' | 'sensitivity'
>;

/**
 * What a threshold promises, as a sentence for people.
 *
 * @param threshold of a model or a result: `decisionThreshold`.
 * @returns text without a full stop.
 * @throws INVALID_OPTION
 * @example
 * console.log(thresholdText({ chosenBy: 'falseAlarmRate', value: 0.4, quantile: 0.95, falseAlarmRate: 0.05, normalCount: 89 }));
 * // at most 5% of new normal images are expected to reach it (computed from 89 normal images); promises hold for new normal images that ...
 */
export function thresholdText(threshold: DecisionThreshold): string {
  checkObject(
    'thresholdText',
    'threshold',
    threshold,
    'the decisionThreshold of a model or a score',
  );
  if (threshold.chosenBy === 'falseAlarmRate') {
    const { falseAlarmRate, quantile, normalCount } = threshold;
    const promise =
      falseAlarmRate === undefined
        ? `${percent(quantile)} of ${normalCount} normal images were meant to stay below it; nothing is promised of new ones`
        : `at most ${percent(falseAlarmRate)} of new normal images are expected to reach it (computed from ${normalCount} normal images)`;
    return promise + certified(threshold) + found(threshold) + basis(threshold);
  }
  if (threshold.chosenBy === 'trimmedNormals')
    return trimmedText(threshold) + certified(threshold) + found(threshold) + basis(threshold);
  const { sensitivity, anomalyCount } = threshold;
  const chosen =
    sensitivity === undefined
      ? 'chosen by the user'
      : `at least ${percent(sensitivity)} of new abnormal images are expected to reach it (computed from ${anomalyCount} abnormal images)`;
  const noUse = threshold.useful === false ? NO_USE : '';
  return `${chosen}; ${observed(threshold)}${noUse}${certified(threshold)}${basis(threshold)}`;
}

/** What holds of nearly every draw of the normals, where that is known. */
function certified({ certifiedFalseAlarmRate: rate }: DecisionThreshold): string {
  return rate === undefined
    ? ''
    : `; with 95% confidence at most ${percent(rate)} of new normal images reach it`;
}

/** What that rests on, where anything is promised. */
function basis(threshold: DecisionThreshold): string {
  const { chosenBy, certifiedFalseAlarmRate: rate, normalCount } = threshold;
  if (chosenBy === 'sensitivity')
    return threshold.sensitivity === undefined ? '' : `; ${restsOnBothClasses}`;
  const promised = rate ?? (chosenBy === 'falseAlarmRate' ? threshold.falseAlarmRate : undefined);
  return promised === undefined ? '' : `; ${restsOn(normalCount)}`;
}

const NO_USE = '; these are not clearly more of the abnormal ones, so that it is of no use';

function trimmedText(threshold: TrimmedThreshold): string {
  const { quantile, trimBeyond, trimmedCount, normalCount, observedFalseAlarmRate } = threshold;
  const kept = normalCount - trimmedCount;
  return `${percent(quantile)} of ${kept} normal images were meant to stay below it, and ${trimmedCount} of ${normalCount} (${percent(trimmedCount / normalCount)}) were left out as odd, since they score more than ${trimBeyond} robust deviations above the median; ${percent(observedFalseAlarmRate)} of all ${normalCount} reach it, and no expected false alarm rate is promised over all new normal images`;
}

/** What it does to abnormal images, where the threshold was set by normal ones. */
function found({
  anomalyCount,
  observedSensitivity,
  sensitivityInterval,
  useful,
}: FoundAnomalies): string {
  if (observedSensitivity === undefined || !sensitivityInterval) return '';
  const { lower, upper } = sensitivityInterval;
  return `; ${percent(observedSensitivity)} of ${anomalyCount} abnormal images at hand reach it (95% interval ${percent(lower)} to ${percent(upper)})${useful ? '' : ', which is not clearly more, so that it is of no use'}`;
}

function observed(rates: ObservedRates): string {
  const { normalCount, anomalyCount, observedFalseAlarmRate, observedSensitivity } = rates;
  const parts = [
    observedFalseAlarmRate !== undefined &&
      `${percent(observedFalseAlarmRate)} of ${normalCount} normal`,
    observedSensitivity !== undefined &&
      `${percent(observedSensitivity)} of ${anomalyCount} abnormal`,
  ].filter(Boolean);
  return `${parts.join(' and ')} images at hand reach it, which alone promises nothing`;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))}%`;
}
