import type { Scalar, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import { latentLoss } from '../core/losses.js';
import type { MemoryBank } from '../core/memory-bank.js';
import { reconstructionLoss } from '../core/reconstruction-loss.js';
import { saladLoss } from '../core/salad-loss.js';
import type { Adam } from '../learning/adam.js';
import type { SaladSettings } from './options.js';

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

/** The same as numbers. */
export interface StepValues {
  readonly loss: number;
  readonly reconstruction?: number;
  readonly latent?: number;
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
  bank: MemoryBank,
  optimizer: Adam,
  batch: TrainingBatch,
  settings: SaladSettings,
  scale: { readonly pixelVariance: number },
): StepLosses {
  const kept: tf.Tensor[] = [];
  const keep = <T extends tf.Tensor>(tensor: T): T => {
    kept.push(tf.keep(tensor));
    return tensor;
  };
  let embeddings: Tensor2D | undefined;
  let reconstructionMean: Scalar | undefined;
  let latentMean: Scalar | undefined;

  const lossOfBatch = (): Scalar => {
    const encoded = backbone.encode(batch.views, true);
    embeddings = keep(encoded.embeddings);
    const reconstruction =
      backbone.decode && settings.reconstructionWeight > 0
        ? reconstructionLoss(batch.targets, backbone.decode(encoded, true), {
            error: settings.reconstructionError,
            reduction: settings.reconstructionReduction,
            ...(batch.masks && { masks: batch.masks }),
          })
        : undefined;
    const latent =
      settings.latentWeight > 0
        ? latentLoss(encoded.embeddings, bank, {
            rows: batch.rows,
            anchors: batch.anchors,
            neighbors: batch.neighbors,
            temperature: settings.temperature,
            includeSelf: settings.includeSelf,
            overlap: settings.overlap,
          })
        : undefined;
    reconstructionMean = reconstruction && keep(tf.mean(reconstruction) as Scalar);
    latentMean = latent && keep(tf.mean(latent) as Scalar);
    return saladLoss(
      { reconstruction, latent },
      {
        latentWeight: settings.latentWeight,
        reconstructionWeight: settings.reconstructionWeight,
        lossScale: settings.lossScale,
        pixelVariance: scale.pixelVariance,
        bankSize: bank.size,
      },
    );
  };

  try {
    const { value, grads } = tf.variableGrads(lossOfBatch, backbone.trainable as tf.Variable[]);
    optimizer.apply(grads);
    bank.update(batch.rows, embeddings as Tensor2D, { momentum: settings.momentum });
    tf.dispose([grads, embeddings as Tensor2D]);
    return { total: value, reconstruction: reconstructionMean, latent: latentMean };
  } catch (error) {
    // Where a forward pass throws, tfjs forgets what it had saved for the way back.
    const tape = tf.engine().state.activeTape ?? [];
    tf.dispose([...kept, ...tape.flatMap(({ saved }) => saved ?? [])]);
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
