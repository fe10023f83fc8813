import type { io } from '@tensorflow/tfjs-core';
import type { SaladWarning } from '../core/warning.js';
import type { ImageSource } from '../images/image-source.js';

/** What a detector is made of, untrained: its kind and every option; JSON. */
export interface DetectorConfig {
  readonly kind: string;
  readonly [option: string]: unknown;
}

/** What an epoch has to tell; a detector may tell more. */
export interface FitEpoch {
  /** From 0. */
  readonly epoch: number;
  /** Mean over the epoch's images. */
  readonly loss: number;
  /** Area under the ROC curve of the validation images; absent unless both classes are labelled. */
  readonly validationAuc?: number;
  /** Wall-clock seconds, validation included. */
  readonly seconds: number;
}

/** What a fit leaves to read; JSON. */
export interface FitHistory {
  /** Empty for a detector that does not learn in epochs. */
  readonly epochs: readonly FitEpoch[];
  /** The epoch whose weights are kept, where validation chose them. */
  readonly best?: { readonly epoch: number; readonly validationAuc: number };
  /** Whether a callback stopped the run before its last epoch. */
  readonly stopped: boolean;
}

/** What every detector takes when it learns; a detector may take more. */
export interface DetectorFitOptions {
  /** Images to choose an epoch by and to set a threshold on; of patients that are not in training. */
  readonly validation?: ImageSource;
  /** Ends the fit between two steps; it rejects with `signal.reason`. */
  readonly signal?: AbortSignal;
  /** Told of every epoch; one that returns false stops the run there. */
  readonly callbacks?: {
    onEpochEnd?(
      epoch: number,
      logs?: Record<string, number>,
      // biome-ignore lint/suspicious/noConfusingVoidType: a callback may return nothing
    ): boolean | void | Promise<boolean | void>;
  };
  readonly onWarning?: (warning: SaladWarning) => void;
}

/** One score an image. */
export interface DetectorScores {
  /** Names of the images that were scored, in the order of their source. */
  readonly ids: readonly string[];
  /** Higher is more anomalous; comparable within one fitted detector only. */
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
  /** How it is called in tables. */
  readonly name: string;
  /** Whether labels of the training images change what is learnt; a detector that ignores them takes every image as normal. */
  readonly usesLabels: boolean;
  readonly config: DetectorConfig;
  /** @throws `signal.reason` | ALREADY_FITTED | PATIENT_OVERLAP | and what the detector's own page names */
  fit(train: ImageSource, options?: DetectorFitOptions): Promise<FitHistory>;
  /** @throws NOT_FITTED | DISPOSED | whatever reading the images throws */
  score(
    images: ImageSource,
    options?: Pick<DetectorFitOptions, 'onWarning'>,
  ): Promise<DetectorScores>;
  /** Writes all that scoring needs, in the form every tf.io handler takes. @throws NOT_FITTED */
  save(handlerOrUrl: io.IOHandler | string): Promise<io.SaveResult>;
  /** Frees every tensor. */
  dispose(): void;
}
