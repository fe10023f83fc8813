/**
 * What a coreset of the bank costs: AUC with all rows of a bank of embeddings, with those that `MemoryBank.coreset` chooses, and with as
 * many that are drawn.
 *
 *   SALAD_AD_DATA=... npx tsx benchmarks/quality/bank-coreset.ts [sets] [seeds, '1,2,3']
 *
 * Nothing is chosen by it: default settings, K = 10 and the shares were fixed beforehand. The table is written to bank-coreset.md beside
 * this file where nothing smaller is asked for.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import '@tensorflow/tfjs-backend-wasm';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { anomalyScore, SaladModel } from 'salad-ad';
import { normalsOf } from 'salad-ad/data';
import { areaUnderRoc, bootstrapInterval, pick } from 'salad-ad/metrics';
import { enableWasmTraining } from 'salad-ad/wasm';
import { signed, signedInterval, table } from '../../src/experiments/markdown.js';
import { RandomStream } from '../../src/support/random.js';
import { openers } from './data-sets.js';

const SHARES = [0.5, 0.25, 0.1, 0.05, 0.01];
const METHODS = ['angular', 'relative'] as const;
const SIZE = 32;

type Method = (typeof METHODS)[number];
/** Scores of the test films by the rows that are left: 'all', 'coreset 0.1', 'drawn 0.1'. */
type Scores = Readonly<Record<Method, ReadonlyMap<string, Float32Array>>>;

async function scored(
  model: SaladModel,
  films: Tensor2D,
  seed: number,
): Promise<{ scores: Scores; radii: ReadonlyMap<string, number> }> {
  const { size } = model.bank;
  const scores = { angular: new Map(), relative: new Map() };
  const radii = new Map<string, number>();
  const add = async (name: string, chosen: ArrayLike<number> | undefined) => {
    const rows = chosen
      ? (tf.gather(model.bank.rows, tf.tensor1d(Array.from(chosen), 'int32')) as Tensor2D)
      : tf.clone(model.bank.rows);
    for (const method of METHODS) {
      const { scoreNeighbors } = model.settings;
      const one = anomalyScore(films, rows, { method, scoreNeighbors });
      scores[method].set(name, (await one.scores.data()) as Float32Array);
      one.scores.dispose();
    }
    const far = anomalyScore(model.bank.rows, rows, { method: 'angular', scoreNeighbors: 1 });
    radii.set(name, Math.max(...(await far.scores.data())) * 180);
    far.scores.dispose();
    rows.dispose();
  };
  await add('all', undefined);
  const order = new RandomStream(seed, ['drawn rows']).permutation(size);
  for (const share of SHARES) {
    const chosen = await model.bank.coreset({ size: share, seed });
    await add(`coreset ${share}`, chosen);
    await add(`drawn ${share}`, order.subarray(0, chosen.length));
  }
  return { scores, radii };
}

async function runs(name: string, seeds: readonly number[]) {
  const { train, test } = await openers(SIZE)[name]();
  const normals = normalsOf(train);
  const found: Awaited<ReturnType<typeof scored>>[] = [];
  for (const seed of seeds) {
    const model = SaladModel.create({
      backbone: { kind: 'convAutoencoder', inputShape: [SIZE, SIZE, 1] },
      score: 'embedding',
      seed,
    });
    await model.fit(normals);
    const films = await model.embed(test);
    found.push(await scored(model, films, seed));
    films.dispose();
    model.dispose();
    console.log(`${name}, seed ${seed}`);
  }
  return { found, labels: Array.from(test.labels ?? []), rows: normals.length };
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean over seeds of what a choice of rows changes, and its interval over films, paired. */
function change(
  found: readonly { scores: Scores }[],
  labels: number[],
  method: Method,
  name: string,
) {
  const of = (drawn?: Int32Array) =>
    mean(
      found.map(({ scores }) => {
        const [fewer, all] = [name, 'all'].map((one) => {
          const values = scores[method].get(one) as Float32Array;
          return drawn
            ? areaUnderRoc(pick(values, drawn), pick(labels, drawn))
            : areaUnderRoc(values, labels);
        });
        return fewer - all;
      }),
    );
  const interval = bootstrapInterval((drawn) => of(drawn), labels, { replicates: 1000 });
  return `${signed(of())} ${signedInterval(interval)}`;
}

async function linesOf(name: string, seeds: readonly number[]): Promise<string[][]> {
  const { found, labels, rows } = await runs(name, seeds);
  return METHODS.flatMap((method) =>
    [1, ...SHARES].map((share) => {
      const count = Math.max(1, Math.round(share * rows));
      if (share === 1) {
        const areas = found.map(({ scores }) =>
          areaUnderRoc(scores[method].get('all') as Float32Array, labels),
        );
        return [name, method, '100%', String(count), `AUC ${mean(areas).toFixed(3)}`, '', ''];
      }
      const radius = (kind: string) =>
        mean(found.map(({ radii }) => radii.get(`${kind} ${share}`) ?? 0)).toFixed(0);
      return [
        name,
        method,
        `${100 * share}%`,
        String(count),
        ...['coreset', 'drawn'].map((kind) => change(found, labels, method, `${kind} ${share}`)),
        `${radius('coreset')}, ${radius('drawn')}`,
      ];
    }),
  );
}

async function main(): Promise<void> {
  const [sets, seedList] = process.argv.slice(2);
  const names = (sets ?? 'cxr-pneumonia,nih-cxr,knee').split(',');
  const seeds = (seedList ?? '1,2,3').split(',').map(Number);
  await tf.setBackend('wasm');
  enableWasmTraining();
  const lines: string[][] = [];
  for (const name of names) lines.push(...(await linesOf(name, seeds)));
  const head = [
    'data set',
    'score',
    'rows kept',
    'rows',
    'coreset',
    'drawn',
    'farthest row left out, degrees',
  ];
  const text = `# A coreset of the bank

Made by \`SALAD_AD_DATA=... npx tsx benchmarks/quality/bank-coreset.ts\`. AUC on test films of SALAD (own encoder, ${SIZE} px, default settings, normal training films alone), ${seeds.length} seeds: what it changes to keep that share of the rows of the bank,
chosen by greedy k-centre (\`MemoryBank.coreset\`) or drawn. In brackets 95% over films, by a paired bootstrap of the mean over seeds. K is 10, or the rows that there are. Nothing was chosen by these numbers. Last: the angle from a row that was left out to the nearest one kept, at most, coreset and drawn.

${table(head, lines)}
`;
  if (sets === undefined)
    writeFileSync(fileURLToPath(new URL('bank-coreset.md', import.meta.url)), text);
  console.log(text);
}

void main();
