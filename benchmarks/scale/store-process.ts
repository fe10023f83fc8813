/** Fills one store with the rows of a file and asks it; prints its figures as JSON. Started by stores.ts. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { bankAngles, relativeScore } from 'salad-ad';
import type { BankStore } from 'salad-ad/stores';
import { compareWithStore } from '../../src/stores/compare-with-store.js';
import { recallOnSample } from '../../src/stores/store-recall.js';
import { StoreSample } from '../../src/stores/store-sample.js';
import type { StoredAngles } from '../../src/stores/stored-angles.js';
import { startBackend } from '../speed/backends.js';
import { type Contestant, contestants } from './store-contestants.js';
import { BLOCK, DIM, type Figures, K, QUERIES, readRows } from './store-figures.js';

const [name, given, folder] = process.argv.slice(2);
const size = Number(given);
const file = join(folder, 'rows.f32');
const truthFile = join(folder, 'truth.json');

const peak = () => process.resourceUsage().maxRSS * 1024;
const seconds = async <Result>(work: () => Promise<Result>): Promise<[number, Result]> => {
  const began = performance.now();
  const result = await work();
  return [(performance.now() - began) / 1000, result];
};

interface Truth {
  readonly ids: number[][];
  readonly relative: number[];
}

async function inMemory(queries: Tensor2D, before: number): Promise<Figures> {
  const [buildSeconds, bank] = await seconds(async () => {
    const rows = tf.tensor2d(readRows(file, 0, size), [size, DIM]);
    return rows;
  });
  const buildMemory = peak() - before;
  const ask = async (): Promise<Truth> => {
    const angles = bankAngles(queries, bank, { scoreNeighbors: K });
    const relative = relativeScore(angles);
    const truth = {
      ids: (await angles.indices.array()) as number[][],
      relative: Array.from(await relative.data()),
    };
    tf.dispose([angles.nearest, angles.indices, angles.total, angles.kept, relative]);
    return truth;
  };
  const [took, truth] = await seconds(ask);
  writeFileSync(truthFile, JSON.stringify(truth));
  return {
    title: 'none: in memory, wasm',
    buildSeconds,
    openSeconds: 0,
    buildMemory,
    memory: peak() - before,
    scan: { queriesPerSecond: QUERIES / took, farthest: 0 },
  };
}

/** Both scores' summands, as `SaladModel.score` makes `relative` of them. */
function relativeOf({ nearest, totals, kept }: StoredAngles): number[] {
  return nearest.map(
    ({ angles }, i) => (angles.reduce((a, b) => a + b, 0) / K / totals[i]) * kept[i],
  );
}

async function ofStore(
  { title, make, index, disk, asked = QUERIES }: Contestant,
  queries: Tensor2D,
  before: number,
): Promise<Figures> {
  const store: BankStore = await make();
  const [buildSeconds] = await seconds(async () => {
    for (let first = 0; first < size; first += BLOCK) {
      const count = Math.min(BLOCK, size - first);
      const ids = Int32Array.from({ length: count }, (_, i) => first + i);
      await store.add({ ids, rows: readRows(file, first, count) });
    }
    await index?.();
  });
  const buildMemory = peak() - before;
  const truth = JSON.parse(readFileSync(truthFile, 'utf8')) as Truth;
  const farthest = (found: StoredAngles) =>
    relativeOf(found).reduce(
      (most, score, i) => Math.max(most, Math.abs(score - truth.relative[i])),
      0,
    );
  const [openSeconds, sample] = await seconds(async () => {
    const drawn = await StoreSample.draw('benchmark', store, { count: 4096, seed: 1 });
    await recallOnSample('benchmark', store, drawn, { k: K });
    return drawn;
  });
  const some = tf.slice(queries, [0, 0], [asked, DIM]);
  const [searchSeconds, searched] = await seconds(() =>
    compareWithStore('benchmark', some, store, sample, { k: K }),
  );
  const [scanSeconds, scanned] = await seconds(() =>
    compareWithStore('benchmark', queries, store, undefined, { k: K }),
  );
  let right = 0;
  searched.nearest.forEach(({ ids }, i) => {
    right += Array.from(ids).filter((id) => truth.ids[i].includes(id)).length;
  });
  const scores = relativeOf(searched);
  const errors = Array.from(
    searched.errors ?? [],
    (error, i) => (scores[i] * error) / searched.totals[i],
  );
  const figures = {
    title,
    buildSeconds,
    openSeconds,
    buildMemory,
    memory: peak() - before,
    ...(disk && { disk: await disk() }),
    scan: { queriesPerSecond: QUERIES / scanSeconds, farthest: farthest(scanned) },
    search: {
      queriesPerSecond: asked / searchSeconds,
      recall: right / (asked * K),
      farthest: farthest(searched),
      error: errors.reduce((a, b) => a + b, 0) / asked,
    },
  };
  await store.close();
  return figures;
}

async function main(): Promise<void> {
  await startBackend('wasm', 'ours');
  const queries = tf.tensor2d(readRows(file, size, QUERIES), [QUERIES, DIM]);
  if (name !== 'memory' && !existsSync(truthFile)) throw new Error('begin with memory');
  const one = name === 'memory' ? undefined : await contestants[name](join(folder, name), size);
  const before = peak();
  const figures =
    one && 'missing' in one
      ? one
      : one
        ? await ofStore(one, queries, before)
        : await inMemory(queries, before);
  console.log(JSON.stringify(figures));
  if (one && 'stop' in one) await one.stop?.();
}

await main();
