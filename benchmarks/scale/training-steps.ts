/**
 * What training on so many films takes: the time of a step with a bank of their number, of an image that is encoded for the refreshed bank, and of a whole run of
 * the default epochs, reckoned from both.
 *
 *   npx tsx benchmarks/scale/training-steps.ts --backends wasm,tensorflow --films 100000
 *       --backends wasm    any of wasm, tensorflow, dawn (WebGPU in Node: the line for a machine with a graphics card)
 *       --sizes 64,224     pixels on a side
 *       --films 100000
 *       --cpu-time         processor time of all threads, where others use the machine
 *       --out file.md      default training-steps.md beside this script
 *
 * Pixels are noise in memory, so that reading files is not counted. Rounds (`select`) cost N^2 and are in benchmarks/speed/bank-at-size.md.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SaladModel } from 'salad-ad';
import { startBackend } from '../speed/backends.js';
import { thisMachine } from '../speed/machine.js';
import { syntheticSource } from '../speed/synthetic-source.js';

const { values: flags } = parseArgs({
  options: {
    backends: { type: 'string', default: 'wasm' },
    sizes: { type: 'string', default: '64,224' },
    films: { type: 'string', default: '100000' },
    'cpu-time': { type: 'boolean', default: false },
    out: { type: 'string' },
    one: { type: 'string' },
  },
});
const films = Number(flags.films);
/** The default of `SaladModel`. */
const BATCH = 32;
/** Images that are encoded at a time to measure one. */
const ENCODED = 256;
const SECONDS = 20;

interface Figures {
  /** Of a step, and of an image that is encoded; milliseconds, the best of what fits in the time. */
  readonly step: number;
  readonly encoding: number;
  /** Bytes, the most that the process had. */
  readonly memory: number;
}

async function measure(backend: string, size: number): Promise<Figures> {
  await startBackend(backend, 'ours');
  const model = SaladModel.create({
    backbone: { kind: 'convAutoencoder', inputShape: [size, size, 1] },
    batchSize: BATCH,
  });
  const trainer = await model.trainer(syntheticSource(size, films));
  const step = await best(() => trainer.step());
  const some = syntheticSource(size, ENCODED);
  const encoding = (await best(() => model.embed(some))) / ENCODED;
  return { step, encoding, memory: process.resourceUsage().maxRSS * 1024 };
}

async function best(run: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  const end = performance.now() + 1000 * SECONDS;
  for (let i = 0; i < 3 || performance.now() < end; i++) {
    const [began, computed] = [performance.now(), process.cpuUsage()];
    await run();
    const { user, system } = process.cpuUsage(computed);
    const taken = flags['cpu-time'] ? (user + system) / 1000 : performance.now() - began;
    least = Math.min(least, taken);
  }
  return least;
}

if (flags.one) {
  const [backend, size] = flags.one.split(',');
  console.log(JSON.stringify(await measure(backend, Number(size))));
  // Dawn's threads would keep the process.
  process.exit();
}

const steps = Math.ceil(films / BATCH);
const rows = flags.backends.split(',').flatMap((backend) =>
  flags.sizes.split(',').map((size) => {
    const given = [
      '--import',
      'tsx',
      fileURLToPath(import.meta.url),
      '--one',
      `${backend},${size}`,
    ];
    const time = flags['cpu-time'] ? ['--cpu-time'] : [];
    const said = execFileSync(process.execPath, [...given, '--films', String(films), ...time], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { step, encoding, memory }: Figures = JSON.parse(said.trim().split('\n').at(-1) ?? '');
    const minutes = (milliseconds: number) => (milliseconds / 60_000).toFixed(1);
    const hours = (milliseconds: number) => (milliseconds / 3_600_000).toFixed(1);
    const cells = [
      backend,
      size,
      step.toFixed(0),
      minutes(step * steps),
      hours(30 * step * steps),
      encoding.toFixed(2),
      minutes(encoding * films),
      (memory / 2 ** 20).toFixed(0),
    ];
    console.log(cells.join(' '));
    return `| ${cells.join(' | ')} |`;
  }),
);
const { processor, cores, node, commit } = thisMachine();
const text = `# Training steps of many films

Written by \`npx tsx benchmarks/scale/training-steps.ts --backends ${flags.backends} --sizes ${flags.sizes} --films ${films}${flags['cpu-time'] ? ' --cpu-time' : ''}\`. ${processor}, ${cores} cores, Node ${node}, commit ${commit}. The default network, batches of ${BATCH}, a bank of ${films} rows of 200 numbers; wasm on one thread; ${flags['cpu-time'] ? 'processor time of all threads' : 'time on the clock'}, the best of what fits in ${SECONDS} s.

| backend | pixels | a step, ms | an epoch (${steps} steps), min | 30 epochs, h | encoding an image, ms | encoding all, min | memory, MiB |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
writeFileSync(flags.out ?? fileURLToPath(new URL('training-steps.md', import.meta.url)), text);
