import type { Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { coresetAwayFrom } from '../cells/away-from-known.js';
import type { CellPool } from '../cells/cell-pool.js';
import { cellScore } from '../cells/cell-score.js';
import { hostTurns } from '../support/host.js';
import { RandomStream } from '../support/random.js';
import { spreadsOn } from './chosen-score.js';
import { scoreEmbeddings } from './compare.js';
import type { ModelState } from './model-state.js';
import type { SaladSettings } from './options.js';
import type { RawScores } from './raw-scores.js';
import { asTheyAre, type ScoreSpreads } from './score-spreads.js';

/** Folds that training images are cut into. */
const FOLDS = 4;

/** So many images tell the deviation of a score within a twentieth; further folds are not looked at. */
const ENOUGH = 200;

/**
 * How both scores are spread on normal images that made neither bank: training images of one fold, beside banks of the other
 * folds, fold by fold until there are enough.
 */
export async function heldOutSpreads(
  where: string,
  settings: SaladSettings,
  state: Pick<ModelState, 'bank' | 'discard'>,
  pool: CellPool | undefined,
): Promise<ScoreSpreads> {
  const films = [...new Set(pool?.films)];
  if (!pool || films.length < 2) return asTheyAre;
  const order = new RandomStream(settings.seed, ['held out']).permutation(films.length);
  const found = { embedding: [] as number[], cells: [] as number[] };
  const folds = Math.min(FOLDS, films.length);
  for (let fold = 0; fold < folds && found.cells.length < ENOUGH; fold++) {
    const held = films.filter((_, i) => order[i] % folds === fold);
    const { cells, ...embedded } = await scoresOfHeld(where, settings, state, pool, held);
    found.embedding.push(...embedded[settings.method]);
    found.cells.push(...cells);
  }
  const embedding = Float32Array.from(found.embedding);
  const cells = { scores: Float32Array.from(found.cells), distances: [], rows: [] };
  const raw = { relative: embedding, angular: embedding, cells };
  const normal = found.cells.map(() => true);
  return spreadsOn(where, settings, raw as unknown as RawScores, normal) ?? asTheyAre;
}

/** Scores of some training images beside banks that are made of the others. */
async function scoresOfHeld(
  where: string,
  { seed, scoreNeighbors, cells: { coreset: size, discard: share, reading } }: SaladSettings,
  { bank, discard }: Pick<ModelState, 'bank' | 'discard'>,
  pool: CellPool,
  held: readonly number[],
) {
  const isHeld = new Set(held);
  const options = { size, discard: share, seed };
  const cellBank = await coresetAwayFrom(pool.without(isHeld), pool.known, options);
  const embeddings = tf.tidy(() =>
    tf.gather((bank as NonNullable<typeof bank>).rows, tf.tensor1d([...held], 'int32')),
  );
  try {
    const giveHostItsTurn = hostTurns();
    const cells: number[] = [];
    for (const film of held) {
      await giveHostItsTurn();
      const score = tf.tidy(() => {
        const own = pool.cellsOf(film);
        const tensor = tf.tensor3d(own, [1, own.length / pool.dim, pool.dim]) as Tensor3D;
        return cellScore(cellBank.nearest(tensor).distances, reading);
      });
      try {
        cells.push((await score.data())[0]);
      } finally {
        score.dispose();
      }
    }
    const leftOut = discard.map((out, row) => out || isHeld.has(row));
    const raw = await scoreEmbeddings(where, embeddings, bank as NonNullable<typeof bank>, {
      scoreNeighbors,
      discard: leftOut,
    });
    return { relative: raw.relative, angular: raw.angular, cells };
  } finally {
    embeddings.dispose();
    cellBank.dispose();
  }
}
