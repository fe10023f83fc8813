import type { Tensor1D, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Layer, variablesOf } from '../../backbones/layers/layer.js';
import type { FitHistory } from '../../core/detector.js';
import type { Weights } from '../../learning/weights.js';
import { checkNumber } from '../../support/check.js';
import type { Learning } from '../detector/body.js';
import { readBlocks } from '../detector/read-images.js';
import type { Resolved, TrainingSettings } from '../detector/settings.js';
import { convDecoder, convEncoder, withoutBiases } from '../training/conv-network.js';
import { type ConvNetworkOptions, checkNetwork } from '../training/conv-options.js';
import { descend } from '../training/descend.js';
import { imagesTensor, meanSquares } from '../training/network-body.js';

/** Options that Deep SVDD and Deep SAD share. */
export interface HypersphereOptions extends ConvNetworkOptions {
  /** Epochs in which encoder and a decoder learn to reconstruct, before the centre is set. @defaultValue 0 of `deepSvdd`, 10 of `deepSad` */
  readonly pretrainEpochs?: number;
}

export type HypersphereSettings = Resolved<HypersphereOptions, TrainingSettings>;

/** @throws INVALID_OPTION */
export function checkHypersphere(where: string, settings: HypersphereSettings): void {
  checkNetwork(where, settings);
  checkNumber(where, 'pretrainEpochs', settings.pretrainEpochs, { min: 0, integer: true });
}

/** Coordinates of the centre nearer to 0 than this are moved away from it: a zero weight would reach them. */
const CENTER_EPSILON = 0.1;

/**
 * An encoder whose embeddings are drawn to a fixed centre.
 *
 * The constant network is a solution of such a loss wherever one can be made, so no bias is learnt,
 * batch normalisation keeps scale 1 and offset 0, and the activation is unbounded.
 *
 * @see Ruff et al., "Deep One-Class Classification", ICML 2018, propositions 1 to 3.
 */
export class Hypersphere {
  readonly weights: Weights;
  readonly trainable: readonly Variable[];
  private readonly encoder: Layer<Tensor4D, Tensor2D>;
  private readonly center: Variable;

  constructor(private readonly settings: HypersphereSettings) {
    const { embeddingSize: outputSize } = settings;
    this.encoder = convEncoder({ ...settings, part: 'encoder', outputSize, bias: false });
    this.center = tf.tidy(() => tf.variable(tf.zeros([outputSize]), false));
    this.trainable = withoutBiases(this.encoder);
    const { trainable, statistics } = this.encoder;
    this.weights = { trainable, statistics: [...statistics, this.center] };
  }

  /** Squared distances of the embeddings to the centre, [batch]. */
  distances(images: Tensor4D, training: boolean): Tensor1D {
    const from = tf.sub(this.encoder.apply(images, training), this.center);
    return tf.sum(tf.square(from), 1) as Tensor1D;
  }

  /** Reconstruction first, where it is asked for; then the centre, the mean embedding of the images. */
  async prepare(learning: Learning): Promise<FitHistory> {
    const history = await this.pretrain(learning);
    const { where, source, intake } = learning;
    const { embeddingSize } = this.settings;
    const sums = new Float64Array(embeddingSize);
    for await (const images of readBlocks(where, source, intake)) {
      // By the batch's own statistics, as the first step will see it: the running ones know nothing yet.
      const summed = tf.tidy(() => tf.sum(this.encoder.apply(imagesTensor(images), true), 0));
      (await summed.data()).forEach((value, i) => {
        sums[i] += value;
      });
      summed.dispose();
    }
    const center = centerAwayFromZero(sums.map((sum) => sum / source.length));
    tf.tidy(() => this.center.assign(tf.tensor1d(center)));
    return history;
  }

  private async pretrain(learning: Learning): Promise<FitHistory> {
    const { settings, encoder } = this;
    const { embeddingSize: inputSize, pretrainEpochs: epochs } = settings;
    const decoder = convDecoder({ ...settings, part: 'decoder', inputSize });
    const learnt = variablesOf([decoder]);
    try {
      return await descend(
        { ...learning, validate: undefined },
        {
          settings: { ...settings, epochs, keep: 'last' },
          weights: this.weights,
          variables: [...this.trainable, ...withoutBiases(decoder)],
          loss: (batch) => {
            const images = imagesTensor(batch);
            const rebuilt = decoder.apply(encoder.apply(images, true), true);
            return tf.mean(meanSquares(tf.sub(rebuilt, images)));
          },
        },
      );
    } finally {
      tf.dispose([...learnt.trainable, ...learnt.statistics]);
    }
  }
}

/** Coordinates within 0.1 of 0 at plus or minus 0.1. */
export function centerAwayFromZero(mean: ArrayLike<number>): Float32Array {
  return Float32Array.from(mean, (value) =>
    Math.abs(value) >= CENTER_EPSILON ? value : value < 0 ? -CENTER_EPSILON : CENTER_EPSILON,
  );
}
