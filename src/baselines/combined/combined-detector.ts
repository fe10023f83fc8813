import type { Images } from '../../learning/as-source.js';
import type { Detector, DetectorFitOptions, FitHistory } from '../../learning/detector.js';
import type { CalibrationOptions } from '../../model/calibrated.js';
import type { ScoreOptions } from '../../model/compare.js';
import type { DecisionThreshold } from '../../support/decision-threshold.js';
import type { CombinedScores } from './combined-scores.js';
import type { CombinedDetectorOptions } from './terms.js';

/**
 * What `combinedDetector` makes.
 *
 * @example
 * const detector: CombinedDetector = combinedDetector({ models: { own }, terms: ['own.embedding', 'own.error'] });
 */
export interface CombinedDetector extends Detector {
  /** The models by name. Borrowed: the detector disposes them. */
  readonly models: CombinedDetectorOptions['models'];
  /** Mean and standard deviation (divided by the count) by which each term is standardised, by its name; absent before `fit`. */
  readonly spreads?: Readonly<
    Record<
      string,
      {
        /** In units of the term. */
        readonly mean: number;
        /** Above 0, in units of the term. */
        readonly deviation: number;
      }
    >
  >;
  /** The decision threshold on `scores`; absent before calibration. */
  readonly threshold?: number;
  /** The same with what is promised of it; absent before calibration. */
  readonly decisionThreshold?: DecisionThreshold;
  /**
   * Fits the models that have learnt nothing yet, measures each term on normals that made no bank, and sets the threshold by validation
   * images: for it, each of their normals is standardised by the others, since they shape mean and deviation and new ones do not.
   *
   * @param train most of them normal; `labels` of the source mark known anomalies.
   * @param options as of every detector, and `calibration`
   * @returns the epochs of the models that were fitted here, one model after the other.
   * @throws INVALID_OPTION where a model was fitted before and there are no validation normals: nobody knows which images made its bank |
   * ALREADY_FITTED | TRAINING_IN_PROGRESS | DISPOSED | BACKEND_NOT_READY | `signal.reason` | what `SaladModel.fit` throws | EMPTY_SET, NO_ROWS_KEPT, NO_LABELS,
   * LABELS_MISMATCH, PATIENT_OVERLAP, UNKNOWN_OPTION. Models that had ended their fit keep it.
   */
  fit(
    train: Images,
    options?: DetectorFitOptions & {
      /**
       * How the threshold is set by the validation images, as options of `calibrate`.
       *
       * @defaultValue `{ quantile: 0.95 }`
       */
      readonly calibration?: Omit<CalibrationOptions, 'onWarning'>;
    },
  ): Promise<FitHistory>;
  /**
   * Says of each image how anomalous it is, and by which terms.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @returns an entry for each image that every model could read.
   * @throws NOT_FITTED | DISPOSED | BACKEND_NOT_READY | UNKNOWN_OPTION | `signal.reason` | what `SaladModel.score` throws; IMAGE_UNREADABLE where
   * all terms are errors and an image cannot be read
   * @example
   * const { scores, terms } = await detector.score(films);
   */
  score(
    images: Images,
    options?: Pick<DetectorFitOptions, 'onWarning' | 'signal'> & Pick<ScoreOptions, 'groups'>,
  ): Promise<CombinedScores>;
  /**
   * Sets threshold and normalizer by images that are not those being judged, as `SaladModel.calibrate` does. Means and deviations
   * of the terms stay as they are, so that the promise holds for the sum.
   *
   * @param images of patients that are not in training: normal ones, or labelled ones; with `sensitivity` of both classes.
   * @throws NOT_FITTED | LABELS_MISMATCH | and what `score` throws
   * @example
   * await detector.calibrate(localNormals); // films of another hospital
   */
  calibrate(
    images: Images,
    options?: CalibrationOptions & {
      /** Ends the call, which rejects with `signal.reason`; the detector stays as it was. @defaultValue none */
      readonly signal?: AbortSignal;
    },
  ): Promise<void>;
}
