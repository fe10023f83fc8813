import type { ImageBatch } from '../images/pixels.js';

/**
 * Indexed images: what training reads from.
 *
 * Every training image owns a row of the memory bank, so images are addressed by index; the index
 * of an image in its source is the number of its row.
 */
export interface ImageSource {
  readonly length: number;
  /** Reads the images at `indices`, in that order. */
  read(indices: ArrayLike<number>): Promise<ImageBatch>;
  /** One name per image, for results and reports; never a patient's identifier. */
  readonly ids: readonly string[];
  /** 0 = normal, 1 = known anomaly; one per image. */
  readonly labels?: ArrayLike<number>;
  /** One patient key per image; used to refuse overlap, never written into a model. */
  readonly patients?: readonly string[];
}
