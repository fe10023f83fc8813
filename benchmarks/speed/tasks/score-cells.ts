import { SaladModel } from 'salad-ad';
import { filmLikeSource } from '../film-like-source.js';
import { speedNetwork } from '../network.js';
import type { Task, TaskSettings } from '../task.js';

/** Films in training, for validation, and in a measurement. */
const [TRAINING, VALIDATION] = [803, 64];
export const SCORED = 256;

const readings = {
  embedding: { score: 'embedding' },
  both: { score: 'both' },
  few: { score: 'both', cells: { grid: [4, 4], coreset: 500 } },
} as const;

/** Scores by a reading, of a model that has seen an epoch; `network` is `default` or that of the other figures. */
export async function prepare({ size, score, network }: TaskSettings): Promise<Task> {
  const model = SaladModel.create({
    backbone:
      network === 'default'
        ? { kind: 'convAutoencoder', inputShape: [size, size, 1] }
        : speedNetwork(size),
    ...readings[score as keyof typeof readings],
    pretrainEpochs: 1,
    rounds: 0,
  });
  const validation = filmLikeSource(size, VALIDATION, 2);
  await model.fit(filmLikeSource(size, TRAINING), { validation });
  const films = filmLikeSource(size, SCORED, 3);
  return { run: () => model.score(films) };
}
