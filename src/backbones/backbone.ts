import type { Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import type { ImageShape } from '../images/pixels.js';

/** What an encoder returns for a batch. */
export interface Encoded {
  /** [batch, embeddingSize], rows of unit length. */
  readonly embeddings: Tensor2D;
  /** A map or vector the decoder starts from, when that is not the embedding. */
  readonly features?: Tensor;
}

/** A JSON value that rebuilds a backbone of the library: its kind and its options. */
export interface BackboneConfig {
  readonly kind: string;
  readonly [option: string]: unknown;
}

/**
 * The network between images and embeddings; the whole of what SALAD asks of it.
 *
 * `encode` and `decode` are plain tensor functions, called inside `tf.tidy` and, with `training`
 * true, under a gradient tape. Everything else about the network is its own affair.
 */
export interface Backbone {
  readonly inputShape: ImageShape;
  readonly embeddingSize: number;
  /** [batch, height, width, channels] to unit embeddings. */
  encode(images: Tensor4D, training: boolean): Encoded;
  /** Back to [batch, height, width, channels]; absent for an encoder alone (no reconstruction term). */
  decode?(encoded: Encoded, training: boolean): Tensor4D;
  /** What the optimiser moves, in a fixed order: a file's weights are told apart by their place. */
  readonly trainable: readonly Variable[];
  /** Running statistics: saved, not optimised; in a fixed order. */
  readonly statistics: readonly Variable[];
  /** Rebuilds the library's own backbones on load; a backbone of yours is handed to `load` instead. */
  readonly config: BackboneConfig;
  /** Frees every variable. */
  dispose(): void;
}
