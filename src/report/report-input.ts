import type { Confusion } from '../metrics/confusion.js';
import type { Interval } from '../metrics/interval.js';

/** A value, with its confidence interval where there is one; an `Interval` of the metrics is one. */
export type Estimate = Pick<Interval, 'estimate'> & Partial<Interval>;

/** One line of the table of run facts: seed, data, counts, prevalence, versions, command. */
export interface Fact {
  readonly name: string;
  readonly value: string | number;
  /** Sets the value in a fixed-width face, for commands. */
  readonly code?: boolean;
}

/** One scorer in the table of results. */
export interface ResultRow {
  readonly name: string;
  /** Area under the ROC curve, 0 to 1. */
  readonly areaUnderRoc: Estimate;
  /** Area under the precision-recall curve (average precision), 0 to 1. */
  readonly averagePrecision?: Estimate;
  /** How many different scores the test images received; few of them mean many ties. */
  readonly distinctScores?: number;
}

/** A ROC curve: two lists of equal length, from (0, 0) to (1, 1). */
export interface NamedRocCurve {
  readonly name: string;
  readonly falsePositiveRates: ArrayLike<number>;
  readonly truePositiveRates: ArrayLike<number>;
  /** A floor to be beaten (raw pixels, say), drawn as a thin grey line. */
  readonly floor?: boolean;
}

/** Scores of labelled images; labels are 0 = normal, 1 = abnormal. */
export interface LabelledScores {
  readonly scores: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
  /** Scores at or above it are flagged. */
  readonly threshold?: number;
}

/** One epoch of training; a value that was not measured is left out. */
export interface HistoryRow {
  readonly epoch: number;
  readonly round: number;
  readonly loss?: number;
  readonly reconstruction?: number;
  /** Nats. */
  readonly latent?: number;
  readonly validationAuc?: number;
}

/** Counts and rates at one threshold; abnormal is positive. */
export type OperatingCounts = Omit<Confusion, 'precision' | 'balancedAccuracy'>;

/** Pixels of one picture, 0 to 255, row by row, channels last. */
export interface ReportImage {
  readonly pixels: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
  /** 1 = grey (unless told), 3 = RGB, 4 = RGBA. */
  readonly channels?: 1 | 3 | 4;
}

/** A training image near a test image. */
export interface NearestImage {
  readonly id: string;
  /** Angle between the two embeddings, degrees. */
  readonly angle: number;
  readonly label?: number;
  readonly image: ReportImage;
}

/** A test image, its score, and the training images nearest to it. */
export interface GalleryItem {
  readonly id: string;
  readonly score: number;
  /** 0 = normal, 1 = abnormal. */
  readonly label?: number;
  readonly image: ReportImage;
  readonly nearest?: readonly NearestImage[];
}

/** Images under one heading, 'Most anomalous' say, in the order they are shown. */
export interface GalleryGroup {
  readonly title: string;
  readonly items: readonly GalleryItem[];
}

/**
 * All that a report shows, as plain data; a part that is left out (or empty) has no section.
 *
 * Ids stand on the page as given: never pass a patient's identifier.
 */
export interface ReportInput {
  readonly title: string;
  readonly description?: string;
  readonly results?: readonly ResultRow[];
  /** What the intervals are: '95 % intervals, bootstrap over patients', say. */
  readonly resultsNote?: string;
  readonly rocCurves?: readonly NamedRocCurve[];
  readonly scores?: LabelledScores;
  /** What the threshold does, as `confusionAt` gives it. */
  readonly confusion?: OperatingCounts;
  readonly history?: readonly HistoryRow[];
  readonly gallery?: readonly GalleryGroup[];
  readonly facts?: readonly Fact[];
}
