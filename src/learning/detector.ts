import type { io } from '@tensorflow/tfjs-core';
import type { ImageSource } from '../images/image-source.js';
import type { SaladWarning } from '../support/warning.js';

/** What a detector is made of, untrained: its kind and every option; JSON. */
export interface DetectorConfig {
  /** The name of the factory function that makes it. */
  readonly kind: string;
  /** The options of that function, the defaults too. */
  readonly [option: string]: unknown;
}

/** The log of a fit; JSON. */
export interface FitHistory {
  /** One log for each epoch, in order; empty for a detector that does not learn in epochs. A detector may log more. */
  readonly epochs: readonly {
    /** From 0. */
    readonly epoch: number;
    /** Mean over the epoch's images. */
    readonly loss: number;
    /** Area under the ROC curve of the validation images; absent unless both classes are labelled. */
    readonly validationAuc?: number;
    /** Wall-clock seconds, validation included. */
    readonly seconds: number;
  }[];
  /** The epoch whose weights are kept; absent where validation did not choose them. */
  readonly best?: {
    /** From 0. */
    readonly epoch: number;
    /** Area under the ROC curve of the validation images after it. */
    readonly validationAuc: number;
  };
  /** Whether a callback stopped the run before its last epoch. */
  readonly stopped: boolean;
}

/** The log of one epoch. */
export type FitEpoch = FitHistory['epochs'][number];

/** Options of a fit that every detector has; a detector may have more. */
export interface DetectorFitOptions {
  /**
   * Images that choose an epoch and set the threshold, of patients that are not in training.
   *
   * @defaultValue none: no validation AUC and no threshold
   */
  readonly validation?: ImageSource;
  /** Ends the call between two steps, or two batches of images; it rejects with `signal.reason`. @defaultValue none */
  readonly signal?: AbortSignal;
  /** Called after every epoch. @defaultValue none */
  readonly callbacks?: {
    /**
     * Called after each epoch.
     *
     * @param epoch from 0.
     * @param logs the numbers of its log.
     * @returns false to stop the run there.
     */
    onEpochEnd?(
      epoch: number,
      logs?: Record<string, number>,
      // biome-ignore lint/suspicious/noConfusingVoidType: a callback may return nothing
    ): boolean | void | Promise<boolean | void>;
  };
  /** Called where something is odd but no error, such as too few normals for the threshold. @defaultValue none */
  readonly onWarning?: (warning: SaladWarning) => void;
}

/** One score for each image. */
export interface DetectorScores {
  /** Names of the images that were scored, in the order of their source. */
  readonly ids: readonly string[];
  /** [images]: higher is more anomalous; comparable within one fitted detector only. */
  readonly scores: Float32Array;
}

/**
 * What learns from mostly normal images and then says of others how anomalous they are: `SaladModel`,
 * and all that it is compared with.
 *
 * Fitted again from the same images, options and seed, a detector gives the same scores; loaded from
 * what it saved, too.
 *
 * @example
 * async function validationAuc(detector: Detector, train: ImageSource, validation: ImageSource) {
 *   await detector.fit(train);
 *   const { scores } = await detector.score(validation);
 *   return areaUnderRoc(scores, validation.labels ?? []);
 * }
 */
export interface Detector {
  /** Its name in tables. */
  readonly name: string;
  /** Whether labels of the training images change what is learnt; a detector that ignores them takes every image as normal. */
  readonly usesLabels: boolean;
  /** What makes the same detector again, untrained. */
  readonly config: DetectorConfig;
  /**
   * Learns from images, once.
   *
   * @param train most of them normal; `labels` of the source mark known anomalies.
   * @returns the log of the fit, empty for a detector that does not learn in epochs.
   * @throws `signal.reason` | ALREADY_FITTED | PATIENT_OVERLAP | and what the detector's own page names
   */
  fit(train: ImageSource, options?: DetectorFitOptions): Promise<FitHistory>;
  /**
   * Says of each image how anomalous it is.
   *
   * @param images of the size that the detector takes, or that its `resize` brings to it.
   * @returns one score for each image that could be read.
   * @throws NOT_FITTED | DISPOSED | `signal.reason` | whatever reading the images throws
   */
  score(
    images: ImageSource,
    options?: Pick<DetectorFitOptions, 'onWarning' | 'signal'>,
  ): Promise<DetectorScores>;
  /**
   * Writes all that scoring needs, in the form that every tf.io handler takes.
   *
   * @param handlerOrUrl where to: a handler, such as `fileSystem(folder)`, or a URL such as 'indexeddb://chest'.
   * @returns what the handler returns.
   * @throws NOT_FITTED
   */
  save(handlerOrUrl: io.IOHandler | string): Promise<io.SaveResult>;
  /** Frees every tensor. */
  dispose(): void;
}
