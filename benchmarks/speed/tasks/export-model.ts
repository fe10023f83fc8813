import { SaladModel } from 'salad-ad';
import { fileSystem } from 'salad-ad/node';
import { randomImages, settle, speedNetwork } from '../network.js';
import { syntheticSource } from '../synthetic-source.js';
import type { Task, TaskSettings } from '../task.js';

/** Saves a model with its bank, as after training. */
export async function prepare({ size, bank, folder }: TaskSettings): Promise<Task> {
  const backbone = speedNetwork(size);
  settle(backbone, randomImages(size));
  const model = SaladModel.create({ backbone });
  await model.refreshBank(syntheticSource(size, bank));
  await model.save(fileSystem(folder as string));
  return { run: () => undefined };
}
