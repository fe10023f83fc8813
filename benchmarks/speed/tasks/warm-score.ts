import { SaladModel } from 'salad-ad';
import { fileSystem } from 'salad-ad/node';
import { BATCH } from '../network.js';
import { syntheticSource } from '../synthetic-source.js';
import type { Task, TaskSettings } from '../task.js';

/** Scores of a batch by a model that is loaded and warm. */
export async function prepare({ size, folder }: TaskSettings): Promise<Task> {
  const model = await SaladModel.load(fileSystem(folder as string));
  const images = syntheticSource(size, BATCH);
  return { run: () => model.score(images) };
}
