import { MemoryBank, none, SaladModel } from 'salad-ad';
import type { ModelPieces } from '../../src/model/model-state.js';
import { filmLikeSource } from './film-like-source.js';
import { BATCH, randomImages, settle, speedNetwork } from './network.js';

/** Films of a measurement: so many of 64 px, as many pixels of 256 px. */
export const filmsOf = (size: number) => Math.max(BATCH, (256 * 64 * 64) / size ** 2);

/** What a model is asked for: all that it does by default, or no more than a row names. */
export type Reading = 'default' | 'embedding' | 'encoder and bank';

const options = {
  default: {},
  embedding: { score: 'embedding' },
  'encoder and bank': { score: 'embedding', imageNormalization: none() },
} as const;

/** The same model in every process: the network of the other figures, and `bank` rows, all but a few of them random. */
export async function speedModel(
  size: number,
  bank: number,
  reading: Reading,
): Promise<SaladModel> {
  const backbone = speedNetwork(size);
  settle(backbone, randomImages(size));
  const model = SaladModel.create({ backbone, ...options[reading] });
  await model.refreshBank(filmLikeSource(size, BATCH));
  // A network would take minutes to make 1e5 rows; how long they are searched does not depend on how they came about.
  const { pieces } = model as unknown as { pieces: Pick<ModelPieces, 'state'> };
  const others = MemoryBank.random({ size: bank - BATCH, dim: backbone.embeddingSize, seed: 1 });
  pieces.state.bank?.append(others.rows);
  others.dispose();
  pieces.state = { ...pieces.state, discard: Array<boolean>(bank).fill(false), ids: undefined };
  return model;
}

/** The films that it scores. */
export const speedFilms = (size: number) => filmLikeSource(size, filmsOf(size), 3);

/** Fails where scores differ: then it is not the same model. */
export function checkScores(found: Float32Array, expected: Float32Array): number {
  const apart = found.reduce((most, x, i) => Math.max(most, Math.abs(x - expected[i])), 0);
  // Sums in deviations of a network that learnt nothing, whose scores lie within thousandths of each other.
  if (!(apart < 1e-3) || found.length !== expected.length)
    throw new Error(`scores differ from those of model.score on wasm by ${apart}`);
  return apart;
}
