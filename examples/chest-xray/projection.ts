import type { SaladModel } from 'salad-ad';
import { type EmbeddingProjection, projectEmbeddings } from 'salad-ad/report';
import type { ChestXrays } from './data.js';

/** Where the encoder puts training and test films, in the plane. */
export async function projection(
  model: SaladModel,
  { train, test }: ChestXrays,
): Promise<EmbeddingProjection> {
  const embedded = await model.embed(test);
  const bank = (await model.bank.rows.array()) as number[][];
  const tested = (await embedded.array()) as number[][];
  embedded.dispose();
  const { xs, ys } = await projectEmbeddings([...bank, ...tested]);
  return {
    xs,
    ys,
    kinds: [
      ...Array.from(train.labels, (label) => (label ? 'knownAnomaly' : 'trainingNormal')),
      ...Array.from(test.labels, (label) => (label ? 'testAbnormal' : 'testNormal')),
    ],
  };
}
