import type { Detector } from '../core/detector.js';
import type { ImageSource } from '../images/image-source.js';
import type { ImageShape } from '../images/pixels.js';
import type { ResizePolicy } from '../images/resize.js';

/**
 * What an experiment asks of the factory of a kind of detector.
 *
 * @example
 * const mine = ({ options, seed }: DetectorRequest) => ({ detector: myDetector({ ...options, seed }) });
 */
export interface DetectorRequest {
  /** Options of the plan, with those of the setting on top. */
  readonly options: Readonly<Record<string, unknown>>;
  /** [height, width, channels]. */
  readonly inputShape: ImageShape;
  /** How images of another size are brought there. */
  readonly resize: ResizePolicy;
  /** Of everything that is drawn. */
  readonly seed: number;
  /** Which weights to keep, for a detector that learns in epochs. */
  readonly keep: 'last' | 'bestValidation';
}

/**
 * A detector, and further score methods that it has once it is fitted.
 *
 * @example
 * const trial: Trial = { detector, scoreMethods: { negative: async (images) => (await detector.score(images)).scores.map((s) => -s) } };
 */
export interface Trial {
  /** Not fitted yet. */
  readonly detector: Detector;
  /**
   * By name: one score an image, in order, higher = more anomalous.
   * @defaultValue none but the detector's own score
   */
  readonly scoreMethods?: Readonly<
    Record<string, (images: ImageSource) => Promise<ArrayLike<number>>>
  >;
}

/**
 * Makes an untrained detector of one kind.
 *
 * @example
 * const smoothness: DetectorFactory = ({ inputShape, resize }) => ({ detector: texture({ inputShape, resize }) });
 */
export type DetectorFactory = (request: DetectorRequest) => Trial | Promise<Trial>;
