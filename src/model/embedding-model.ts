import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import type { ImageNormalization } from '../images/image-normalization.js';
import type { Preparation } from '../images/preparation.js';
import { asSource, type Images } from '../learning/as-source.js';
import { checkBackendReady } from '../support/train-check.js';
import { embedAll, reconstructAll, reconstructionErrorsOf } from './inference.js';
import { checkAlive, disposeModel, type ModelPieces } from './model-state.js';
import type { SaladSettings } from './options.js';

/**
 * What a model does by its network alone, trained or not: embed images, and reconstruct them.
 *
 * @example
 * const model: EmbeddingModel = SaladModel.create({ backbone });
 * const embeddings = await model.embed(films); // [count, embeddingSize]
 */
export class EmbeddingModel {
  /** @param pieces network, settings and what was learnt. */
  protected constructor(
    /** Shared with the trainer that trains the model. */
    protected readonly pieces: ModelPieces,
  ) {}

  /** Every setting in force, defaults filled in. */
  get settings(): SaladSettings {
    return this.pieces.settings;
  }

  /** The network. Borrowed: the model disposes it. */
  get backbone(): Backbone {
    return this.pieces.network.backbone;
  }

  /** The step of `preparation` that brings pixels to a common scale. */
  get imageNormalization(): ImageNormalization {
    return this.pieces.network.preparation.imageNormalization;
  }

  /** What this model does to images before its network sees them. */
  get preparation(): Preparation {
    return this.pieces.network.preparation;
  }

  /**
   * Unit embeddings, in inference mode.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @returns [images, embeddingSize]; the caller disposes it.
   * @throws DISPOSED | BACKEND_NOT_READY | INVALID_IMAGES | EMPTY_SET | LABELS_MISMATCH | PIXEL_RANGE | IMAGE_UNREADABLE where one
   * cannot be read | INVALID_EMBEDDING
   * @example
   * const embeddings = await model.embed(films);
   * embeddings.dispose();
   */
  async embed(images: Images): Promise<Tensor2D> {
    const where = 'SaladModel.embed';
    checkAlive(where, this.pieces);
    checkBackendReady(where);
    return embedAll(where, this.pieces.network, await asSource(where, images));
  }

  /**
   * What the decoder makes of images, in normalised pixels.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @returns [images, ...inputShape]; the caller disposes it.
   * @throws NO_DECODER | DISPOSED | BACKEND_NOT_READY | INVALID_IMAGES | EMPTY_SET | LABELS_MISMATCH | PIXEL_RANGE | IMAGE_UNREADABLE
   * where one cannot be read
   */
  async reconstruct(images: Images): Promise<Tensor4D> {
    const where = 'SaladModel.reconstruct';
    checkAlive(where, this.pieces);
    checkBackendReady(where);
    return reconstructAll(where, this.pieces.network, await asSource(where, images));
  }

  /**
   * How badly the decoder repeats each image: mean over its pixels of the squared difference, in normalised pixels;
   * with `combinedScore` a score beside the embedding's.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @returns [images], in order, squared normalised pixels.
   * @throws NO_DECODER | DISPOSED | BACKEND_NOT_READY | INVALID_IMAGES | EMPTY_SET | LABELS_MISMATCH | PIXEL_RANGE; IMAGE_UNREADABLE
   * where one cannot be read
   * @example
   * const errors = await model.reconstructionErrors(films); // [count]
   */
  async reconstructionErrors(images: Images): Promise<Float32Array> {
    const where = 'SaladModel.reconstructionErrors';
    checkAlive(where, this.pieces);
    checkBackendReady(where);
    return reconstructionErrorsOf(where, this.pieces.network, await asSource(where, images));
  }

  /** Frees every tensor, the backbone's included. */
  dispose(): void {
    disposeModel(this.pieces);
  }
}
