import { noAugmentation, none, SaladModel, type SaladOptions } from 'salad-ad';
import { BATCH, speedNetwork } from '../network.js';
import { syntheticSource } from '../synthetic-source.js';
import type { Task, TaskSettings } from '../task.js';
import { stepTask } from './step-task.js';

/**
 * One step of `SaladModel`'s trainer with default options: images read, normalised and augmented,
 * reconstruction and latent loss, Adam, the bank's update.
 *
 * With `networkOnly` the public options switch off all but the network: no augmentation, no image
 * normalisation, no latent loss. What is left is forward, squared error, backward, Adam.
 */
export async function prepare({ size, bank, networkOnly, peak }: TaskSettings): Promise<Task> {
  const options: SaladOptions = {
    backbone: speedNetwork(size),
    batchSize: BATCH,
    ...(networkOnly
      ? { latentWeight: 0, augmentation: noAugmentation, imageNormalization: none() }
      : {}),
  };
  const trainer = await SaladModel.create(options).trainer(syntheticSource(size, bank));
  return stepTask(() => trainer.step(), peak);
}
