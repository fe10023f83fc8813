import type { ImageShape } from '../images/pixels.js';
import type { ResizePolicy } from '../images/resize.js';

/** What is compared: every detector on every data set, with every share of known anomalies, from every seed; JSON. */
export interface ExperimentConfig {
  /** Names of data sets; what opens them is registered with `runExperiment`. */
  readonly dataSets: readonly string[];
  readonly detectors: readonly DetectorPlan[];
  readonly anomalies: readonly AnomalyPlan[];
  /** Replicates: of everything that is drawn, the known anomalies too. */
  readonly seeds: readonly number[];
  /** [height, width, channels] that every detector sees. */
  readonly inputShape: ImageShape;
  /** How images of another size are brought there; the mean over areas, stretched, unless told. */
  readonly resize?: ResizePolicy;
  /** Both unless told. */
  readonly choices?: readonly Choice[];
  /** Wall-clock seconds that a detector may learn for; it is stopped between two epochs. No limit unless told. */
  readonly budgetSeconds?: number;
}

/**
 * How settings and weights are fixed before the test images are scored.
 *
 * `label-free`: the options as they stand and the weights of the last epoch; the detector is given no validation image.
 * `validation-chosen`: of all `settings` and all epochs, those of the highest validation AUC.
 */
export type Choice = 'label-free' | 'validation-chosen';

/** A row of the tables. */
export interface DetectorPlan {
  /** How it is called in tables. */
  readonly name: string;
  /** A kind of `libraryDetectors`, or one registered with `runExperiment`. */
  readonly kind: string;
  /** An ablation is its detector with another option. `seed`, `keep`, `inputShape` and `resize` are the experiment's. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What `validation-chosen` chooses among, each on top of `options`; as many for every detector that has any. */
  readonly settings?: readonly Readonly<Record<string, unknown>>[];
  /**
   * `train on`, unless told: known anomalies are among its training images. `leave out`: they are not, since a detector
   * that ignores labels would take them for normal. `needed`: it is not run without any.
   */
  readonly knownAnomalies?: 'train on' | 'leave out' | 'needed';
  /** Other scores of the same fitted detector, by the names that its kind gives them; each is a row of its own. */
  readonly readouts?: readonly string[];
  /**
   * That it was thought of after test images of these data sets had been scored by its kind. It is run where it would
   * be refused, and every table says so.
   */
  readonly afterLook?: boolean;
}

/** The known anomalies among the training images. */
export interface AnomalyPlan {
  /** abnormal / (normal + abnormal), at least 0 and below 1. */
  readonly ratio: number;
  /** See `drawKnownAnomalies`. */
  readonly form: 'added' | 'replacing';
  /**
   * Findings: only images with these and no other are known, in training and validation alike; the test
   * images with none of them are of unseen kinds.
   */
  readonly kinds?: readonly string[];
}
