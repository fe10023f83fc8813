import type { CurveBand } from '../../metrics/bands.js';
import type { BrierDecomposition } from '../../metrics/brier.js';
import type { Confusion } from '../../metrics/confusion.js';
import type { DecisionCurve } from '../../metrics/decision-curve.js';
import type { Interval } from '../../metrics/interval.js';
import type { ReliabilityBin } from '../../metrics/reliability.js';
import type { Shortcut } from '../../splits/shortcut.js';
import type { PartSummary } from '../../splits/split-summary.js';

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
  /** As `rocBand` gives it. */
  readonly band?: CurveBand;
}

/** A precision-recall curve: two lists of equal length, recalls rising. */
export interface NamedPrecisionRecallCurve {
  readonly name: string;
  readonly precisions: ArrayLike<number>;
  readonly recalls: ArrayLike<number>;
  /** A floor to be beaten, drawn as a thin grey line. */
  readonly floor?: boolean;
  /** As `precisionRecallBand` gives it. */
  readonly band?: CurveBand;
}

/** Scores of images, higher = more anomalous, with a label each. */
export interface LabelledScores {
  readonly scores: ArrayLike<number>;
  /** 0 = normal, 1 = abnormal. */
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

/** What one threshold does on the test images; abnormal is positive. */
export interface OperatingPoint {
  /** How the threshold was found: '95% of the normals pass', say. */
  readonly name: string;
  readonly threshold: number;
  readonly sensitivity: Estimate;
  readonly specificity: Estimate;
  /** Share of the flagged images that are abnormal. */
  readonly precision?: Estimate;
}

/** Whether probabilities come true. */
export interface CalibrationResult {
  /** As `reliabilityBins` gives them. */
  readonly bins: readonly ReliabilityBin[];
  /** As `brierDecomposition` gives it. */
  readonly brier: BrierDecomposition;
  readonly expectedCalibrationError: number;
  /** How scores became probabilities, and on which images that was learnt. */
  readonly note?: string;
}

/** How good the scores are among images that share something. */
export interface SubgroupResult {
  /** 'view', 'sex', 'age', ... */
  readonly trait: string;
  /** 'PA', 'F', '40 to 64', ... */
  readonly value: string;
  readonly normals: number;
  readonly anomalies: number;
  /** Left out where there are too few images of a class. */
  readonly areaUnderRoc?: Estimate;
  readonly sensitivity?: Estimate;
  readonly specificity?: Estimate;
}

/** What an image is in a projection. */
export type ProjectedKind = 'training normal' | 'known anomaly' | 'test normal' | 'test abnormal';

/** Embeddings laid out in the plane: three lists of equal length. */
export interface EmbeddingProjection {
  readonly xs: ArrayLike<number>;
  readonly ys: ArrayLike<number>;
  readonly kinds: readonly ProjectedKind[];
}

/** Images that took no part, and why. */
export interface LeftOut {
  readonly what: string;
  readonly images: number;
  readonly why: string;
}

/** An image that could not be read: an entry of `ProblemReport.problems` or of `unreadable` of a score. */
export interface UnreadableImage {
  readonly id: string;
  /** A code of `SaladError`, such as 'IMAGE_TRUNCATED'. */
  readonly code: string;
  readonly message: string;
}

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
  /** Where in it the score comes from: `overlay` of 'salad-ad/explain' makes one. */
  readonly map?: ReportImage;
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
  /** The detector first, then what it is to beat; subgroups and give-aways are compared with the first. */
  readonly results?: readonly ResultRow[];
  /** What the intervals are: '95% intervals, bootstrap over patients', say. */
  readonly resultsNote?: string;
  readonly rocCurves?: readonly NamedRocCurve[];
  readonly precisionRecallCurves?: readonly NamedPrecisionRecallCurve[];
  readonly scores?: LabelledScores;
  /** What the threshold in use does, as `confusionAt` gives it. */
  readonly confusion?: OperatingCounts;
  readonly operatingPoints?: readonly OperatingPoint[];
  /** On which images the thresholds were found. */
  readonly operatingPointsNote?: string;
  readonly calibration?: CalibrationResult;
  /** As `decisionCurve` of calibrated probabilities gives it. */
  readonly decisionCurve?: DecisionCurve;
  readonly subgroups?: readonly SubgroupResult[];
  /** As a part of `splitSummary` has them. */
  readonly giveAways?: readonly Shortcut[];
  /** What each part holds, as `splitSummary` gives it. */
  readonly split?: readonly PartSummary[];
  readonly gallery?: readonly GalleryGroup[];
  /** How the maps of the gallery were made and how their colours are to be read. */
  readonly mapsNote?: string;
  /** As `projectEmbeddings` gives it, with what each image is. */
  readonly projection?: EmbeddingProjection;
  /** How the projection was made. */
  readonly projectionNote?: string;
  readonly history?: readonly HistoryRow[];
  readonly leftOut?: readonly LeftOut[];
  readonly unreadable?: readonly UnreadableImage[];
  readonly facts?: readonly Fact[];
}
