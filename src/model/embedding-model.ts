import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import type { ImageNormalization } from '../images/image-normalization.js';
import type { ImageSource } from '../images/image-source.js';
import type { Preparation } from '../images/preparation.js';
import type { Images } from '../learning/as-source.js';
import { checkedSignal } from '../support/check-kinds.js';
import { checkBackendReady } from '../support/train-check.js';
import { embedAll, reconstructAll, reconstructionErrorsOf } from './inference.js';
import { modelSource } from './model-source.js';
import { checkAlive, disposeModel, type ModelPieces, whileAlive } from './model-state.js';
import type { Network } from './network.js';
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
   * @throws DISPOSED | BACKEND_NOT_READY | UNKNOWN_OPTION | INVALID_OPTION | INVALID_IMAGES | EMPTY_SET | RECIPE_MISMATCH | LABELS_MISMATCH | SHAPE_MISMATCH | PIXEL_RANGE | IMAGE_UNREADABLE where one
   * cannot be read | INVALID_EMBEDDING
   * @example
   * const embeddings = await model.embed(films);
   * embeddings.dispose();
   */
  async embed(
    images: Images,
    options: {
      /** Ends the call, which rejects with `signal.reason`. @defaultValue none */
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<Tensor2D> {
    return this.throughNetwork('SaladModel.embed', images, options, embedAll);
  }

  /**
   * What the decoder makes of images, in normalised pixels.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @returns [images, ...inputShape]; the caller disposes it.
   * @throws NO_DECODER | DISPOSED | BACKEND_NOT_READY | UNKNOWN_OPTION | INVALID_OPTION | INVALID_IMAGES | EMPTY_SET | RECIPE_MISMATCH | LABELS_MISMATCH | SHAPE_MISMATCH | PIXEL_RANGE | IMAGE_UNREADABLE
   * where one cannot be read
   */
  async reconstruct(
    images: Images,
    options: {
      /** Ends the call, which rejects with `signal.reason`. @defaultValue none */
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<Tensor4D> {
    return this.throughNetwork('SaladModel.reconstruct', images, options, reconstructAll);
  }

  /**
   * How badly the decoder repeats each image: mean over its pixels of the squared difference, in normalised pixels;
   * with `combinedScore` a score beside the embedding's.
   *
   * @param images an `ImageSource`, or a tensor [count, height, width, channels] in [0, 1].
   * @returns [images], in order, squared normalised pixels.
   * @throws NO_DECODER | DISPOSED | BACKEND_NOT_READY | UNKNOWN_OPTION | INVALID_OPTION | INVALID_IMAGES | EMPTY_SET | RECIPE_MISMATCH | LABELS_MISMATCH | SHAPE_MISMATCH | PIXEL_RANGE; IMAGE_UNREADABLE
   * where one cannot be read
   * @example
   * const errors = await model.reconstructionErrors(films); // [count]
   */
  async reconstructionErrors(
    images: Images,
    options: {
      /** Ends the call, which rejects with `signal.reason`. @defaultValue none */
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<Float32Array> {
    return this.throughNetwork(
      'SaladModel.reconstructionErrors',
      images,
      options,
      reconstructionErrorsOf,
    );
  }

  /** Frees every tensor, the backbone's included. */
  dispose(): void {
    disposeModel(this.pieces);
  }

  /** What `work` makes of images, checked. */
  private async throughNetwork<Result>(
    where: string,
    images: Images,
    options: { readonly signal?: AbortSignal },
    work: (where: string, network: Network, source: ImageSource) => Promise<Result>,
  ): Promise<Result> {
    const signal = checkedSignal(where, options);
    checkAlive(where, this.pieces);
    checkBackendReady(where);
    const source = await modelSource(where, this.pieces.network, images);
    const network = { ...this.pieces.network, signal };
    return whileAlive(where, this.pieces, () => work(where, network, source));
  }
}
