import type { Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import type { ImageShape } from '../images/pixels.js';

/** What an encoder returns for a batch. */
export interface Encoded {
  /** [batch, embeddingSize], rows of unit length. */
  readonly embeddings: Tensor2D;
  /** [batch, ...]: a map or vector that the decoder starts from; absent where that is the embedding. */
  readonly features?: Tensor;
  /**
   * [batch, height, width, channels] each, from shallow to deep: the map after each level of the encoder, which its cells
   * are read from. They are what `encode` makes on its way, neither copies nor more work. Absent where an encoder
   * shows none.
   */
  readonly maps?: readonly Tensor4D[];
}

/**
 * The network between images and embeddings: all that SALAD needs of it.
 *
 * `encode` and `decode` are plain tensor functions, called inside `tf.tidy` and, with `training`
 * true, under a gradient tape. Everything else about the network is up to you.
 */
export interface Backbone {
  /** [height, width, channels] of an image that it takes, in pixels. */
  readonly inputShape: ImageShape;
  /** Numbers in an embedding. */
  readonly embeddingSize: number;
  /**
   * [height, width] of each of the `maps` that `encode` shows; absent for none. A model reads cells without being asked only where
   * there are some, and as many as the deepest map has places.
   */
  readonly mapSizes?: readonly (readonly [height: number, width: number])[];
  /**
   * Images to unit embeddings.
   *
   * @param images [batch, height, width, channels], normalised.
   * @param training whether batch statistics are used and updated, as in a training step.
   * @returns `embeddings` [batch, embeddingSize], rows of unit length, `features` where `decode` starts from them,
   * and `maps` where cells are to be read.
   */
  encode(images: Tensor4D, training: boolean): Encoded;
  /**
   * Images to unit embeddings by an encoder that answers later, such as a session of onnxruntime; used in place of `encode`
   * wherever nothing is learnt. Absent where `encode` does it.
   *
   * @param images [batch, height, width, channels], normalised; borrowed.
   * @returns what `encode` returns; the caller disposes it.
   */
  infer?(images: Tensor4D): Promise<Encoded>;
  /**
   * Back to images; absent for an encoder alone (no reconstruction term).
   *
   * @param encoded what `encode` returned.
   * @param training as in `encode`.
   * @returns [batch, height, width, channels], normalised pixels.
   */
  decode?(encoded: Encoded, training: boolean): Tensor4D;
  /**
   * What the optimiser moves, in a fixed order: a file holds weights by their place. A backbone without any is frozen: a
   * model of it has no epochs.
   */
  readonly trainable: readonly Variable[];
  /** Running statistics: saved, not optimised; in a fixed order. */
  readonly statistics: readonly Variable[];
  /** JSON by which `load` makes a backbone of the library again; a backbone of yours is an option of `load`. */
  readonly config: {
    /** The name of the function that makes it; of a backbone of yours any other. */
    readonly kind: string;
    /** The options of that function. */
    readonly [option: string]: unknown;
  };
  /** Frees every variable. */
  dispose(): void;
}
