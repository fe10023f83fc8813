import type { Scalar, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import { latentLoss } from '../core/losses.js';
import { reconstructionLoss } from '../core/reconstruction-loss.js';
import { saladLoss } from '../core/salad-loss.js';
import { gradientsOf } from '../learning/gradients.js';
import type { StepValues } from './epoch-so-far.js';
import type { SaladSettings } from './options.js';
import type { TrainingState } from './training-state.js';

/** What one step learns from. */
export interface TrainingBatch {
  /** [batch, height, width, channels]: the views that are encoded. */
  readonly views: Tensor4D;
  /** What is to be reconstructed: the views themselves, or the images they were made from. */
  readonly targets: Tensor4D;
  /** [batch, height, width, 1]: how much each pixel of the targets counts; all of them without it. */
  readonly masks?: Tensor4D;
  /** [batch]: the bank row of each image. */
  readonly rows: ArrayLike<number>;
  /** [batch]: whether the row is an anchor in this round. */
  readonly anchors: readonly boolean[];
  /** [batch][k]: the neighbours of each row. */
  readonly neighbors: readonly ArrayLike<number>[];
}

/** Batch means, as scalars; a term that is switched off is absent. */
export interface StepLosses {
  readonly total: Scalar;
  readonly reconstruction?: Scalar;
  readonly latent?: Scalar;
}

/**
 * One step: loss against the OLD bank, an optimiser step, then the bank moves with the embeddings of
 * before that step.
 *
 * @returns scalars that the caller disposes.
 * @see the paper, section 2; the order is that of Wu et al., 2018.
 */
export function trainStep(
  backbone: Backbone,
  { bank, optimizer, pixelVariance }: Pick<TrainingState, 'bank' | 'optimizer' | 'pixelVariance'>,
  batch: TrainingBatch,
  settings: SaladSettings,
): StepLosses {
  const { latentWeight, reconstructionWeight, lossScale, temperature } = settings;
  /** Tensors that outlive the forward pass. */
  const made: Partial<StepLosses> & { embeddings?: Tensor2D; grads?: tf.NamedTensorMap } = {};

  const lossOfBatch = (): Scalar => {
    const encoded = backbone.encode(batch.views, true);
    made.embeddings = tf.keep(encoded.embeddings);
    const reconstruction =
      backbone.decode && reconstructionWeight > 0
        ? reconstructionLoss(batch.targets, backbone.decode(encoded, true), {
            error: settings.reconstructionError,
            reduction: settings.reconstructionReduction,
            ...(batch.masks && { masks: batch.masks }),
          })
        : undefined;
    const latent =
      latentWeight > 0
        ? latentLoss(encoded.embeddings, bank, {
            rows: batch.rows,
            anchors: batch.anchors,
            neighbors: batch.neighbors,
            temperature,
            includeSelf: settings.includeSelf,
            overlap: settings.overlap,
          })
        : undefined;
    Object.assign(made, {
      reconstruction: reconstruction && tf.keep(tf.mean(reconstruction)),
      latent: latent && tf.keep(tf.mean(latent)),
    });
    return saladLoss(
      { reconstruction, latent },
      { latentWeight, reconstructionWeight, lossScale, pixelVariance, bankSize: bank.size },
    );
  };

  try {
    const { value: total, grads } = gradientsOf(backbone.trainable, lossOfBatch);
    Object.assign(made, { total, grads });
    optimizer.apply(grads);
    bank.update(batch.rows, made.embeddings as Tensor2D, { momentum: settings.momentum });
    tf.dispose([grads, made.embeddings as Tensor2D]);
    return { total, reconstruction: made.reconstruction, latent: made.latent };
  } catch (error) {
    tf.dispose({ ...made });
    throw error;
  }
}

/** The losses as numbers, in one read-back; frees the scalars. */
export async function readLosses(losses: StepLosses): Promise<StepValues> {
  const { total, reconstruction, latent } = losses;
  const present = [total, reconstruction, latent].filter((one) => one !== undefined);
  const stacked = tf.stack(present);
  const values = Array.from(await stacked.data());
  tf.dispose([stacked, ...present]);
  const [loss, ...rest] = values;
  return {
    loss,
    ...(reconstruction && { reconstruction: rest.shift() }),
    ...(latent && { latent: rest.shift() }),
  };
}
