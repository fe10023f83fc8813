import type { ImageShape } from '../images/pixels.js';
import type { ResizePolicy } from '../images/resize.js';

/**
 * What is compared: every detector on every data set, with every share of known anomalies, from every seed; JSON.
 *
 * @example
 * const config: ExperimentConfig = {
 *   dataSets: ['chest'],
 *   inputShape: [64, 64, 1],
 *   detectors: [{ name: 'SALAD', kind: 'salad' }, { name: 'texture', kind: 'texture' }],
 *   anomalies: [{ ratio: 0, form: 'added' }],
 *   seeds: [1, 2, 3],
 * };
 */
export interface ExperimentConfig {
  /** Names of data sets; what opens each is registered with `runExperiment`. */
  readonly dataSets: readonly string[];
  /** The detectors, a row of the tables each. */
  readonly detectors: readonly DetectorPlan[];
  /** The shares of known anomalies among the training images. */
  readonly anomalies: readonly AnomalyPlan[];
  /** One replicate for each: of everything that is drawn, the known anomalies too. */
  readonly seeds: readonly number[];
  /** [height, width, channels] of the images that every detector is given. */
  readonly inputShape: ImageShape;
  /**
   * How images of another size are brought to `inputShape`.
   * @defaultValue `{ method: 'area', fit: 'stretch' }`, means over areas
   */
  readonly resize?: ResizePolicy;
  /**
   * How settings and weights are fixed, a column of the tables each.
   * @defaultValue ['labelFree', 'validationChosen']
   */
  readonly choices?: readonly Choice[];
  /**
   * Wall-clock seconds of one fit; a detector is stopped between two epochs.
   * @defaultValue no limit
   */
  readonly budgetSeconds?: number;
}

/**
 * How settings and weights are fixed before the evaluation on the test set.
 *
 * `labelFree`: the options as they stand and the weights of the last epoch; the detector is given no validation image.
 * `validationChosen`: of all `settings` and all epochs, those of the highest validation AUC.
 *
 * @example
 * const choices: Choice[] = ['labelFree'];
 */
export type Choice = 'labelFree' | 'validationChosen';

/**
 * A detector of an experiment; a row of the tables.
 *
 * @example
 * const plan: DetectorPlan = { name: 'pixels', kind: 'pixelBank', settings: [{ scoreNeighbors: 1 }, { scoreNeighbors: 10 }] };
 */
export interface DetectorPlan {
  /** Its name in the tables. */
  readonly name: string;
  /** A kind of `libraryDetectors`, or one registered with `runExperiment`. */
  readonly kind: string;
  /**
   * Options of the detector. An ablation is its detector with another option. `seed`, `keep`, `inputShape` and `resize` are set
   * by the experiment.
   * @defaultValue the detector's own defaults
   */
  readonly options?: Readonly<Record<string, unknown>>;
  /**
   * The settings that `validationChosen` chooses among, each on top of `options`; as many for every detector that has any.
   * @defaultValue `options` alone
   */
  readonly settings?: readonly Readonly<Record<string, unknown>>[];
  /**
   * `trainOn`: known anomalies are among its training images. `leaveOut`: they are not, since a detector
   * that ignores labels would take them for normal. `needed`: it is not run without any.
   * @defaultValue 'trainOn'
   */
  readonly knownAnomalies?: 'trainOn' | 'leaveOut' | 'needed';
  /**
   * Further scores of the same fitted detector, by the names that its kind gives them; each is a row of its own.
   * @defaultValue none
   */
  readonly scoreMethods?: readonly string[];
  /**
   * Whether it was planned after the test images of these data sets had been scored by its kind. It is then run where it would
   * be refused, and every table says so.
   * @defaultValue false
   */
  readonly afterEvaluation?: boolean;
}

/**
 * The known anomalies among the training images.
 *
 * @example
 * const plan: AnomalyPlan = { ratio: 0.05, form: 'added' };
 */
export interface AnomalyPlan {
  /** abnormal / (normal + abnormal), at least 0 and below 1. */
  readonly ratio: number;
  /** `added` to all normals, or `replacing` as many of them; see `drawKnownAnomalies`. */
  readonly form: 'added' | 'replacing';
  /**
   * Only images with these findings and no other are known, in training and validation alike. Test images with none of them are
   * of unseen findings.
   * @defaultValue anomalies of any finding are known
   */
  readonly findings?: readonly string[];
}
