import type { Detector } from '../core/detector.js';
import type { ImageSource } from '../images/image-source.js';
import type { ImageShape } from '../images/pixels.js';
import type { ResizePolicy } from '../images/resize.js';

/** What an experiment asks of a kind of detector. */
export interface DetectorRequest {
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputShape: ImageShape;
  readonly resize: ResizePolicy;
  readonly seed: number;
  /** Which weights a detector that learns in epochs is to keep. */
  readonly keep: 'last' | 'bestValidation';
}

/** A detector, and what else can be read from it once it is fitted. */
export interface Trial {
  readonly detector: Detector;
  /** One score an image, in order, higher = more anomalous. */
  readonly readouts?: Readonly<Record<string, (images: ImageSource) => Promise<ArrayLike<number>>>>;
}

/** Makes an untrained detector of one kind. */
export type DetectorFactory = (request: DetectorRequest) => Trial | Promise<Trial>;
