import { bootstrapInterval } from '../metrics/bootstrap.js';
import type { Interval } from '../metrics/interval.js';
import { areaUnderRoc } from '../metrics/roc.js';
import type { ExtendedScores } from './across-extend.js';
import type { AnomalyPlan } from './config.js';
import { replicatesOf } from './mean-interval.js';
import { type RecalibrationPlan, recalibrated, spreadOfDraws } from './recalibrated.js';
import { resampledArea } from './resampled-area.js';

/**
 * A detector that learnt from one data set, on the images of another; JSON.
 *
 * @example
 * const { falseAlarms, recalibrated }: AcrossCell = cells[0];
 */
export interface AcrossCell {
  /** Name of the data set that it learnt from, and whose validation normals set its threshold. */
  readonly trainedOn: string;
  /** Name of the data set whose images it judged; the same name for the row at home. */
  readonly judgedOn: string;
  /** Name of the detector. */
  readonly detector: string;
  /** The known anomalies among its training images. */
  readonly anomalies: AnomalyPlan;
  /** Seeds that it was fitted from; those that failed are not among them. */
  readonly seeds: readonly number[];
  /** Judged images that are normal. */
  readonly normal: number;
  /** Judged images that are abnormal. */
  readonly abnormal: number;
  /** [seeds]: area under the ROC curve; empty where a class is not there. */
  readonly areas: readonly number[];
  /** Mean of `areas`, with the 95% interval of a bootstrap over images, by patients where they are known. Absent where a class is not there. */
  readonly area?: Interval;
  /**
   * Share of normal images that reach the threshold from home, mean over seeds, with an interval like that of `area`. Absent where that
   * threshold was set by these very images, or nothing was fitted.
   */
  readonly falseAlarms?: Interval;
  /** Share of abnormal images that reach the threshold from home, likewise. Absent where `falseAlarms` is, or there are none. */
  readonly sensitivity?: Interval;
  /** The same at thresholds that local normals set, one entry for each number of them. */
  readonly recalibrated: readonly {
    /** m, how many local normals set the threshold. */
    readonly normals: number;
    /** Mean over draws of m normals and seeds; the interval holds 95% of the draws. Absent where `missing` says why. */
    readonly falseAlarms?: Interval;
    /** Likewise. Absent where `falseAlarms` is, or there are no abnormal images. */
    readonly sensitivity?: Interval;
    /** Why there is no number. Absent where there is one. */
    readonly missing?: string;
  }[];
  /**
   * The same where so many local normals extend the bank and set the threshold, `model.extend(normals, { calibrate: true })`; an entry
   * for each number of them that there are. Absent at home, for detectors that are no `SaladModel`, and where no judged image is normal.
   */
  readonly extended?: readonly {
    /** m, how many local normals. */
    readonly normals: number;
    /** Mean area over draws of m normals and seeds; the interval holds 95% of the draws. Absent where a class is not there. */
    readonly area?: Interval;
    /** Share of normal images that reach the threshold, likewise. */
    readonly falseAlarms: Interval;
    /** Share of abnormal images, likewise. Absent where there are none. */
    readonly sensitivity?: Interval;
  }[];
  /** What of the cell is missing, and why. Absent where nothing is. */
  readonly missing?: string;
}

/** What one fitted detector said: a list for each seed, all in the order of the images. */
export interface JudgedImages {
  /** [seeds][images]. */
  readonly scores: readonly ArrayLike<number>[];
  /** [seeds]: of home; absent where these images set it. */
  readonly thresholds?: readonly number[];
  /** [images], 0 or 1. */
  readonly labels: readonly number[];
  /** [images]; absent where patients are not known. */
  readonly patients?: readonly string[];
  /** [seeds][local normals]: scores of those that may set a threshold. */
  readonly local: readonly ArrayLike<number>[];
  /** [seeds][numbers of local normals][draws]; absent where no bank was extended. */
  readonly extended?: readonly (readonly (readonly ExtendedScores[])[])[];
}

/** Everything that is measured of a cell. */
export function measured(
  { scores, thresholds, labels, patients, local, extended }: JudgedImages,
  plan: RecalibrationPlan,
): Pick<
  AcrossCell,
  'areas' | 'area' | 'falseAlarms' | 'sensitivity' | 'recalibrated' | 'extended'
> {
  const bootstrap = { replicates: 1000, ...(patients && { groups: patients }) };
  const rows = (label: number) => labels.flatMap((one, i) => (one === label ? [i] : []));
  const [normals, anomalies] = [rows(0), rows(1)];
  const share = (images: readonly number[]): Interval | undefined => {
    if (!thresholds || images.length === 0) return undefined;
    const reached = images.map(
      (i) => replicatesOf(scores.map((own, s) => Number(own[i] >= thresholds[s]))).mean,
    );
    const groups = patients && images.map((i) => patients[i]);
    return intervalOf(
      bootstrapInterval(
        (drawn) => replicatesOf(Array.from(drawn, (i) => reached[i])).mean,
        images.map(() => 0),
        { ...bootstrap, ...(groups && { groups }) },
      ),
    );
  };
  const both = normals.length > 0 && anomalies.length > 0;
  const areaOf = both ? scores.map((own) => resampledArea(own, labels)) : [];
  const areas = (drawn: ArrayLike<number>) => {
    const times = new Int32Array(labels.length);
    for (let i = 0; i < drawn.length; i++) times[drawn[i]] += 1;
    return areaOf.map((area) => area(times));
  };
  const [falseAlarms, sensitivity] = [share(normals), share(anomalies)];
  return {
    areas: areas(labels.map((_, i) => i)),
    ...(both && {
      area: intervalOf(
        bootstrapInterval((drawn) => replicatesOf(areas(drawn)).mean, labels, bootstrap),
      ),
    }),
    ...(falseAlarms && { falseAlarms }),
    ...(falseAlarms && sensitivity && { sensitivity }),
    recalibrated: recalibrated({ scores, normals, anomalies, local }, plan),
    ...(extended && normals.length > 0 && { extended: ofExtended(extended, labels, plan) }),
  };
}

function ofExtended(
  extended: NonNullable<JudgedImages['extended']>,
  labels: readonly number[],
  { normals }: RecalibrationPlan,
): NonNullable<AcrossCell['extended']> {
  const both = new Set(labels).size > 1;
  return normals.flatMap((count, at) => {
    const draws = extended.flatMap((byCount) => byCount[at]);
    if (draws.length === 0) return [];
    const reaching = (label: number) =>
      draws.map(({ judged, threshold }) => {
        const own = Array.from(judged).filter((_, i) => labels[i] === label);
        return own.filter((score) => score >= threshold).length / own.length;
      });
    return {
      normals: count,
      ...(both && { area: spreadOfDraws(draws.map(({ judged }) => areaUnderRoc(judged, labels))) }),
      falseAlarms: spreadOfDraws(reaching(0)),
      ...(labels.includes(1) && { sensitivity: spreadOfDraws(reaching(1)) }),
    };
  });
}

function intervalOf({ estimate, lower, upper }: Interval): Interval {
  return { estimate, lower, upper };
}
