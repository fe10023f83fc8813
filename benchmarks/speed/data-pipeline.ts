/**
 * What threads are worth: images prepared a second, what a training step waits for images, images scored
 * a second. Each figure is the best of many short rounds in which everything compared has its turn.
 *
 *   npx tsx benchmarks/speed/data-pipeline.ts [--rounds 30] [--part prepare|train|score]
 *
 * On Linux, since the training part reads there how long the main thread was at work.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import '@tensorflow/tfjs-backend-wasm';
import { localContrast, SaladModel, slightAugmentation } from 'salad-ad';
import { detectBackend } from 'salad-ad/backend';
import {
  arraySource,
  type ImageJob,
  type ImagePool,
  type ImageSource,
  imageJobRunner,
  type PreparedImages,
  subset,
} from 'salad-ad/data';
import { fileSystem, imagePool, scoringPool } from 'salad-ad/node';
import { enableWasmTraining } from 'salad-ad/wasm';
import { loadChestXrays } from '../../examples/chest-xray/data.js';
import { thisMachine } from './machine.js';

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '30' }, part: { type: 'string' } },
});
const rounds = Number(flags.rounds);
const wanted = (part: string) => flags.part === undefined || flags.part === part;

const wallClock = () => performance.now() / 1000;

/** Seconds that the main thread has been at work, whatever else the machine was busy with. */
const mainThread = () => Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[0]) / 1e9;

/** Seconds that all threads of this process have been at work. */
function allThreads(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** The shortest run of each, in seconds, measured in turn. */
async function bestInTurn(
  contestants: Readonly<Record<string, () => Promise<unknown>>>,
  clock = wallClock,
): Promise<Record<string, number>> {
  const best: Record<string, number> = {};
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries(contestants)) {
      const began = clock();
      await run();
      const seconds = clock() - began;
      // The first round only warms up.
      if (round > 0) best[name] = Math.min(best[name] ?? seconds, seconds);
    }
  }
  return best;
}

/** Images a second of each, then milliseconds of work an image, which other work on the machine hardly moves. */
async function ratesAndWork(
  contestants: Parameters<typeof bestInTurn>[0],
  images: number,
): Promise<string[]> {
  const rates = Object.values(await bestInTurn(contestants));
  const work = Object.values(await bestInTurn(contestants, allThreads));
  return [
    ...rates.map((seconds) => (images / seconds).toFixed(0)),
    ...work.map((seconds) => ((1000 * seconds) / images).toFixed(2)),
  ];
}

const resize = { method: 'area', fit: 'stretch' } as const;
const films = await loadChestXrays({ anomalyRatio: 0, seed: 1 });
const firstOf = (source: ImageSource, count: number) =>
  subset(
    source,
    Array.from({ length: count }, (_, i) => i),
  );
const train = firstOf(films.train, 160);
const test = firstOf(films.test, 256);

/** Batches of 32 that are on their way, three at a time, until all have come. */
async function prepareAll(pool: ImagePool, source: ImageSource, side: number): Promise<void> {
  const { name } = localContrast();
  const preparation = {
    inputShape: [side, side, 1] as const,
    resize,
    imageNormalization: { name, options: {} },
    augmentation: slightAugmentation,
  };
  let first = 0;
  const lane = async () => {
    while (first < source.length) {
      const rows = Array.from({ length: Math.min(32, source.length - first) }, (_, i) => first + i);
      first += 32;
      const images = await source.read(rows);
      const ids = rows.map((row) => source.ids[row]);
      const request = { where: 'data-pipeline', indices: rows, ids };
      await pool.run({ request, images, preparation, variation: { seed: 1, epoch: 0 } });
    }
  };
  await Promise.all([lane(), lane(), lane()]);
}

async function measurePreparation(): Promise<void> {
  const large = arraySource({
    pixels: new Uint8Array(32 * 512 * 512).fill(90),
    shape: [512, 512, 1],
  });
  const here: ImagePool = { concurrency: 1, run: imageJobRunner() };
  const [one, two] = [await imagePool({ concurrency: 1 }), await imagePool({ concurrency: 2 })];
  console.log(
    '\n| prepared and varied | images/s: here | 1 thread | 2 threads | ms of work an image: here | 1 thread | 2 threads |\n|---|---|---|---|---|---|---|',
  );
  for (const [what, source, side] of [
    ['64 px to 32 px', train, 32],
    ['64 px', train, 64],
    ['512 px to 256 px', large, 256],
  ] as const) {
    const preparers = {
      here: () => prepareAll(here, source, side),
      one: () => prepareAll(one, source, side),
      two: () => prepareAll(two, source, side),
    };
    const cells = await ratesAndWork(preparers, source.length);
    console.log(`| ${what} | ${cells.join(' | ')} |`);
  }
  await Promise.all([one.dispose(), two.dispose()]);
}

/** A pool that has every batch ready: what a run would take that never waits for images. */
function readyPool(): ImagePool {
  const run = imageJobRunner();
  const made = new Map<number, PreparedImages>();
  return {
    concurrency: 1,
    async run(job: ImageJob) {
      const count = job.variation ? job.request.indices.length : 0;
      const prepared = made.get(count) ?? (await run(job));
      if (count > 0) made.set(count, prepared);
      return prepared;
    },
  };
}

function untrained(side: number) {
  const backbone = { kind: 'convAutoencoder', inputShape: [side, side, 1] } as const;
  return { backbone, resize, seed: 1 };
}

async function measureTraining(): Promise<void> {
  const [one, two] = [await imagePool({ concurrency: 1 }), await imagePool({ concurrency: 2 })];
  console.log(
    '\n| a step of 32 images, ms of the main thread | here | 1 thread | 2 threads | images ready | images: here | 1 thread | 2 threads |\n|---|---|---|---|---|---|---|---|',
  );
  for (const side of [32, 64]) {
    const models: SaladModel[] = [];
    const epochs: Record<string, () => Promise<void>> = {};
    for (const [name, pool] of Object.entries({ here: undefined, one, two, ready: readyPool() })) {
      const model = SaladModel.create({ ...untrained(side), pretrainEpochs: 1000, rounds: 0 });
      const trainer = await model.trainer(train, { imagePool: pool });
      models.push(model);
      epochs[name] = async () => {
        while (!(await trainer.step()).epochEnd);
      };
    }
    const { ready, ...read } = await bestInTurn(epochs, mainThread);
    const steps = train.length / 32;
    const times = [...Object.values(read), ready].map((s) => ((1000 * s) / steps).toFixed(1));
    const shares = Object.values(read).map((s) => `${(100 * (1 - ready / s)).toFixed(0)}%`);
    console.log(`| ${side} px | ${[...times, ...shares].join(' | ')} |`);
    for (const model of models) model.dispose();
  }
  await Promise.all([one.dispose(), two.dispose()]);
}

async function measureScoring(): Promise<void> {
  const backend = '@tensorflow/tfjs-backend-wasm';
  console.log(
    '\n| scored | images/s: model.score | 1 thread | 2 threads | ms of work an image: model.score | 1 thread | 2 threads |\n|---|---|---|---|---|---|---|',
  );
  for (const side of [32, 64]) {
    const folder = await mkdtemp(join(tmpdir(), 'salad-ad-pool-'));
    const model = SaladModel.create({ ...untrained(side), pretrainEpochs: 1, rounds: 0 });
    await model.fit(train);
    await model.save(fileSystem(folder));
    const [one, two] = [
      await scoringPool(fileSystem(folder), { backend, concurrency: 1 }),
      await scoringPool(fileSystem(folder), { backend, concurrency: 2 }),
    ];
    const scorers = {
      model: () => model.score(test),
      one: () => one.score(test),
      two: () => two.score(test),
    };
    const cells = await ratesAndWork(scorers, test.length);
    console.log(`| ${side} px, bank of ${train.length} | ${cells.join(' | ')} |`);
    await Promise.all([one.dispose(), two.dispose(), rm(folder, { recursive: true })]);
    model.dispose();
  }
}

await detectBackend();
enableWasmTraining();
console.log(JSON.stringify(thisMachine()));
if (wanted('prepare')) await measurePreparation();
if (wanted('train')) await measureTraining();
if (wanted('score')) await measureScoring();
