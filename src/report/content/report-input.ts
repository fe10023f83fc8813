import type { CurveBand } from '../../metrics/bands.js';
import type { BrierDecomposition } from '../../metrics/brier.js';
import type { Confusion } from '../../metrics/confusion.js';
import type { DecisionCurve } from '../../metrics/decision-curve.js';
import type { ReliabilityBin } from '../../metrics/reliability.js';
import type { DriftSummary } from '../../monitor/drift-summary.js';
import type { Shortcut } from '../../splits/shortcut.js';
import type { PartSummary } from '../../splits/split-summary.js';

/** A value, with its confidence interval where there is one; an `Interval` of the metrics is one. */
export interface Estimate {
  /** The value. */
  readonly estimate: number;
  /** Lower end of its interval; absent without one. */
  readonly lower?: number;
  /** Upper end of its interval; absent without one. */
  readonly upper?: number;
}

/** One scorer in the table of results. */
export interface ResultRow {
  /** The scorer. */
  readonly name: string;
  /** Area under the ROC curve, 0 to 1. */
  readonly areaUnderRoc: Estimate;
  /** Area under the precision-recall curve (average precision), 0 to 1. Without it there is no number in its column. */
  readonly averagePrecision?: Estimate;
  /**
   * How many different scores the test images received; few of them mean many ties. Without it there is no number
   * in its column.
   */
  readonly distinctScores?: number;
  /** Area among images of one quarter of brightness, as `areaUnderRocWithin` gives it. Without it there is no number in its column. */
  readonly withinBrightness?: Estimate;
  /** The same of a number of texture. Without it there is no number in its column. */
  readonly withinTexture?: Estimate;
}

/** A ROC curve: two lists of equal length, from (0, 0) to (1, 1); `rocCurve` gives them. */
export interface NamedRocCurve {
  /** What the curve is of. */
  readonly name: string;
  /** [points], 0 to 1, rising. */
  readonly falsePositiveRates: ArrayLike<number>;
  /** [points], 0 to 1, rising. */
  readonly truePositiveRates: ArrayLike<number>;
  /** What the others are compared with (raw pixels, say), drawn as a thin grey line. @defaultValue false */
  readonly baseline?: boolean;
  /** As `rocBand` gives it; without it no band is drawn. */
  readonly band?: CurveBand;
}

/** A precision-recall curve: two lists of equal length; `precisionRecallCurve` gives them. */
export interface NamedPrecisionRecallCurve {
  /** What the curve is of. */
  readonly name: string;
  /** [points], 0 to 1. */
  readonly precisions: ArrayLike<number>;
  /** [points], 0 to 1, rising. */
  readonly recalls: ArrayLike<number>;
  /** What the others are compared with, drawn as a thin grey line. @defaultValue false */
  readonly baseline?: boolean;
  /** As `precisionRecallBand` gives it; without it no band is drawn. */
  readonly band?: CurveBand;
}

/** Scores of images, with a label each. */
export interface LabelledScores {
  /** [images], higher = more anomalous, finite. */
  readonly scores: ArrayLike<number>;
  /** [images], 0 = normal, 1 = abnormal. */
  readonly labels: ArrayLike<number>;
  /** Scores at or above it are flagged; without it none is marked. */
  readonly threshold?: number;
}

/** One epoch of training; what was not measured is left out. */
export interface HistoryRow {
  /** From 0. */
  readonly epoch: number;
  /** Of the progressive neighbourhoods, from 0. */
  readonly round: number;
  /** Mean over the images; left out where it was not measured. */
  readonly loss?: number;
  /** Mean squared error; left out where it was not measured. */
  readonly reconstruction?: number;
  /** Nats; left out where it was not measured. */
  readonly latent?: number;
  /** Area under the ROC curve on the validation images; left out where it was not measured. */
  readonly validationAuc?: number;
}

/** What one threshold does on the test images; abnormal is positive. */
export interface OperatingPoint {
  /** How the threshold was found: '95% of the normal images pass', say. */
  readonly name: string;
  /** Scores at or above it are flagged. */
  readonly threshold: number;
  /** Share of the abnormal images that are flagged. */
  readonly sensitivity: Estimate;
  /** Share of the normal images that are not flagged. */
  readonly specificity: Estimate;
  /** Share of the flagged images that are abnormal; absent where none is flagged. */
  readonly precision?: Estimate;
}

/** How good the scores are among images that share something. */
export interface SubgroupResult {
  /** 'view', 'sex', 'age', ... */
  readonly attribute: string;
  /** 'PA', 'F', '40 to 64', ... */
  readonly value: string;
  /** Normal images in it. */
  readonly normalCount: number;
  /** Abnormal images in it. */
  readonly anomalyCount: number;
  /** Left out where there are too few images of a class. */
  readonly areaUnderRoc?: Estimate;
  /** Left out without a threshold, or without images of a class. */
  readonly sensitivity?: Estimate;
  /** Left out without a threshold, or without images of a class. */
  readonly specificity?: Estimate;
}

/** Embeddings laid out in the plane: three lists of equal length. */
export interface EmbeddingProjection {
  /** [images], across, without a unit. */
  readonly xs: ArrayLike<number>;
  /** [images], up, without a unit. */
  readonly ys: ArrayLike<number>;
  /** [images], what each is: trained on or tested, normal or not. */
  readonly groups: readonly ('trainingNormal' | 'knownAnomaly' | 'testNormal' | 'testAbnormal')[];
}

/** Pixels of one picture. */
export interface ReportImage {
  /** [height, width, channels], flattened, 0 to 255. */
  readonly pixels: ArrayLike<number>;
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
  /** 1 = grey, 3 = RGB, 4 = RGBA. @defaultValue 1 */
  readonly channels?: 1 | 3 | 4;
}

/** A test image, its score, and the training images nearest to it. */
export interface GalleryItem {
  /** What stands for the image on the page. */
  readonly id: string;
  /** Its anomaly score. */
  readonly score: number;
  /** 0 = normal, 1 = abnormal; without it the page does not say. */
  readonly label?: number;
  /** Whether its score reaches the threshold; without it the page does not say. */
  readonly flagged?: boolean;
  /** The image. Larger than 320 pixels a side, it is shown small, and whole on a click. */
  readonly image: ReportImage;
  /** Where in it the score comes from: `overlay` of 'salad-ad/explain' makes one. Without it none is shown. */
  readonly map?: ReportImage;
  /** Training images, the nearest first; without it none are shown. */
  readonly nearest?: readonly {
    /** What stands for the training image on the page. */
    readonly id: string;
    /** Angle between the two embeddings, in degrees. */
    readonly angleInDegrees: number;
    /** 0 = normal, 1 = abnormal; without it the page does not say. */
    readonly label?: number;
    /** The training image. */
    readonly image: ReportImage;
  }[];
}

/**
 * All that a report shows, as plain data; what is left out (or empty) has no section.
 *
 * Ids stand on the page as given: never pass a patient's identifier.
 */
export interface ReportInput {
  /** Heading of the page. */
  readonly title: string;
  /** A paragraph below the heading. Without it there is none. */
  readonly description?: string;
  /**
   * The detector first, then what it is compared with; subgroups and shortcuts are compared with the first. Without
   * it the page has no such table.
   */
  readonly results?: readonly ResultRow[];
  /** What the intervals are: '95% intervals, bootstrap over patients', say. Without it the page does not say. */
  readonly resultsNote?: string;
  /** Curves with their bands. Without it the page has no such figure. */
  readonly rocCurves?: readonly NamedRocCurve[];
  /** Curves with their bands. Without it the page has no such figure. */
  readonly precisionRecallCurves?: readonly NamedPrecisionRecallCurve[];
  /** Of the test images. Without it the page has no histogram. */
  readonly scores?: LabelledScores;
  /** What the threshold in use does, as `confusionAt` gives it. Without it the page has no such table. */
  readonly confusion?: Omit<Confusion, 'precision' | 'balancedAccuracy'>;
  /** What the threshold in use promises, as `thresholdText` says it. Without it the page does not say. */
  readonly confusionNote?: string;
  /** Thresholds of several kinds, and what they do. Without it the page has no such table. */
  readonly operatingPoints?: readonly OperatingPoint[];
  /** On which images the thresholds were found. Without it the page does not say. */
  readonly operatingPointsNote?: string;
  /** Whether probabilities agree with what is observed. Without it the page has no such section. */
  readonly calibration?: {
    /** As `reliability` gives them. */
    readonly bins: readonly ReliabilityBin[];
    /** As `brierDecomposition` gives it. */
    readonly brier: BrierDecomposition;
    /** As `reliability` gives it, 0 to 1. */
    readonly expectedCalibrationError: number;
    /** How scores became probabilities, and on which images that was learnt; without it the page does not say. */
    readonly note?: string;
  };
  /** As `decisionCurve` of calibrated probabilities gives it. Without it the page has no such figure. */
  readonly decisionCurve?: DecisionCurve;
  /** As `subgroupResults` gives them. Without it the page has no such section. */
  readonly subgroups?: readonly SubgroupResult[];
  /** Of the test images, as `splitSummary` has them. Without it the page has no such section. */
  readonly shortcuts?: readonly Shortcut[];
  /** What train, validation and test hold, as `splitSummary` gives it. Without it the page has no such section. */
  readonly split?: readonly PartSummary[];
  /** Images under headings, in the order they are shown: 'Most anomalous', say. Without it the page has none. */
  readonly gallery?: readonly {
    /** The heading. */
    readonly title: string;
    /** The images under it. */
    readonly items: readonly GalleryItem[];
    /** The value that the maps show in full red, as `overlay` draws them; without it the page has no scale of colours. */
    readonly mapTop?: number;
  }[];
  /** How the maps of the gallery were made and how their colours are to be read. Without it the page does not say. */
  readonly mapsNote?: string;
  /** Whether films changed over time, as `summary` of a `DriftMonitor` gives it. Without it the page has no such section. */
  readonly drift?: DriftSummary;
  /** As `projectEmbeddings` gives it, with what each image is. Without it the page has no such figure. */
  readonly projection?: EmbeddingProjection;
  /** How the projection was made. Without it the page does not say. */
  readonly projectionNote?: string;
  /** One row an epoch, as `model.history` has them. Without it the page has no such section. */
  readonly history?: readonly HistoryRow[];
  /** Images that were not trained on or scored. Without it the page has no such table. */
  readonly leftOut?: readonly {
    /** 'known anomalies', say. */
    readonly what: string;
    /** How many. */
    readonly images: number;
    /** The reason, as a sentence. */
    readonly why: string;
  }[];
  /**
   * Images that could not be read: `problems` of a `ProblemReport` or of a score. Without it the page has
   * no such table.
   */
  readonly problems?: readonly {
    /** Name of the image. */
    readonly id: string;
    /** A code of `SaladError`, such as 'IMAGE_TRUNCATED'. */
    readonly code: string;
    /** What was wrong, as a sentence. */
    readonly message: string;
  }[];
  /** Facts of the run: seed, data, versions, command, as `runFacts` of a model gives them. Without it the page has no such table. */
  readonly facts?: readonly {
    /** Such as 'Seed'. */
    readonly name: string;
    /** Such as 7. */
    readonly value: string | number;
    /** Sets the value in a fixed-width face, for commands. @defaultValue false */
    readonly code?: boolean;
  }[];
}
