import type { ImageBatch } from './pixels.js';

/**
 * Indexed images: what training reads from.
 *
 * Every training image owns a row of the memory bank, so images are addressed by index; the index
 * of an image in its source is the number of its row.
 */
export interface ImageSource {
  readonly length: number;
  /**
   * Reads the images at `indices`, in that order; called again before earlier reads have ended.
   *
   * @param where the call that the images are read for, such as 'SaladModel.fit'; what goes wrong is told as its error
   * @returns those that could be read; where some could not, `positions` and `problems` say which and why
   */
  read(indices: ArrayLike<number>, where?: string): Promise<ImageBatch>;
  /** One name per image, for results and reports; never a patient's identifier. */
  readonly ids: readonly string[];
  /** 0 = normal, 1 = known anomaly; one per image. */
  readonly labels?: ArrayLike<number>;
  /** One patient key per image; used to refuse overlap, never written into a model. */
  readonly patients?: readonly string[];
  /**
   * Where a worker finds the images at `indices` by itself, so that it is the worker that reads and
   * decodes them; without it they are read here and sent.
   */
  locate?(indices: ArrayLike<number>): LocatedImages;
}

/**
 * Images as another thread reaches them: `(await import(module))[open](argument).read(items ?? indices)`.
 *
 * What was opened is kept for every `argument`, so that what differs from batch to batch goes into `items`.
 */
export interface LocatedImages {
  /** URL of a module. */
  readonly module: string;
  /** Its function that makes an `ImageSource` or whatever reads `items`, or the promise of one. */
  readonly open: string;
  /** What the function is given; JSON. */
  readonly argument: unknown;
  readonly indices: readonly number[];
  /** What is read instead of indices, one for each of them, such as records; JSON. */
  readonly items?: readonly unknown[];
}
