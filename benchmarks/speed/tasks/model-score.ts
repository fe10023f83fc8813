import { join } from 'node:path';
import { floats } from '../floats.js';
import { checkScores, type Reading, speedFilms, speedModel } from '../speed-model.js';
import type { Task, TaskSettings } from '../task.js';

/** Scores by the model itself. */
export async function prepare({ size, bank, folder, reading }: TaskSettings): Promise<Task> {
  const model = await speedModel(size, bank, reading as Reading);
  const films = speedFilms(size);
  const run = async () => (await model.score(films)).scores;
  const apart = checkScores(await run(), await floats(join(folder as string, 'scores.bin')));
  return { run, facts: { apart } };
}
