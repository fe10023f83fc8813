/**
 * What the command `salad-ad` takes: one film from a cold start, beside a bare script that loads tfjs's wasm backend and the model; and
 * many PNG films of 1024 px from disk on one core and on two, with the largest memory of the process.
 *
 *   npm run build && npx tsx benchmarks/speed/command-line.ts [--films 2000] [--pairs 2] [--rounds 11] [--first] [--out output/command-line]
 *
 * A pair is a run on one core and one on two, in turn, so that what else the machine does falls on both. With the defaults it takes five
 * minutes on an idle machine of two cores; `--films 20000 --pairs 1` takes twenty-five minutes. `--first` puts the runs before all other work of a
 * busy machine (chrt, as root), which then waits for them. Processor time is that of all threads.
 *
 * On Linux, since cores are given by taskset and memory is read in /proc. The films are those of examples/data/chest-xray, enlarged: 200
 * different ones, under as many names as are asked for.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readNpz } from 'salad-ad/data';
import sharp from 'sharp';
import { thisMachine } from './machine.js';

const { values: flags } = parseArgs({
  options: {
    films: { type: 'string', default: '2000' },
    pairs: { type: 'string', default: '2' },
    first: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '11' },
    out: { type: 'string', default: 'output/command-line' },
  },
});
const cli = 'dist/cli.js';
const model = join(flags.out, 'model');
const films = join(flags.out, 'films');

/** Films that are different; the others are these under other names. */
const DIFFERENT = 200;

const BARE = `
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { SaladModel } from 'salad-ad';
import { fileSystem } from 'salad-ad/node';
await tf.setBackend('wasm');
await SaladModel.load(fileSystem(process.argv[1]));
`;

interface Ended {
  readonly seconds: number;
  /** Largest resident memory, in MB. */
  readonly megabytes: number;
  /** Seconds of processor time, of all threads. */
  readonly processor: number;
}

/** Runs a program to its end. */
function timed(command: string, args: readonly string[]): Promise<Ended> {
  const began = performance.now();
  const child = spawn(command, args, { stdio: 'ignore' });
  let megabytes = 0;
  let processor = 0;
  const watch = setInterval(() => {
    megabytes = Math.max(megabytes, peakOf(child));
    processor = Math.max(processor, processorOf(child));
  }, 100);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      clearInterval(watch);
      if (code !== 0) reject(new Error(`${command} ${args.join(' ')} ended with ${code}`));
      else resolve({ seconds: (performance.now() - began) / 1000, megabytes, processor });
    });
  });
}

function peakOf({ pid }: ChildProcess): number {
  const path = `/proc/${pid}/status`;
  const found = existsSync(path) && /VmHWM:\s+(\d+)/.exec(readFileSync(path, 'utf8'));
  return found ? Number(found[1]) / 1024 : 0;
}

/** User and system time, in the hundredths of a second that Linux counts. */
function processorOf({ pid }: ChildProcess): number {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return 0;
  const fields = readFileSync(path, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function prepare(count: number): Promise<void> {
  mkdirSync(films, { recursive: true });
  const { train_images: images } = readNpz(
    readFileSync('examples/data/chest-xray/cxr_pneumonia_64.npz'),
  );
  const pixels = images.data as Uint8Array;
  const name = (i: number) => join(films, `${String(i).padStart(6, '0')}.png`);
  for (let i = 0; i < Math.min(DIFFERENT, count); i++) {
    if (existsSync(name(i))) continue;
    const raw = { width: 64, height: 64, channels: 1 } as const;
    const film = sharp(pixels.subarray(4096 * i, 4096 * (i + 1)), { raw });
    await film.resize(1024, 1024).png().toFile(name(i));
  }
  for (let i = DIFFERENT; i < count; i++)
    if (!existsSync(name(i))) linkSync(name(i % DIFFERENT), name(i));
  if (existsSync(join(model, 'model.json'))) return;
  const config = join(flags.out, 'quick.json');
  writeFileSync(
    config,
    '{ "settings": { "pretrainEpochs": 2, "rounds": 1, "epochsPerRound": 1 }, "backend": "wasm" }',
  );
  const list = join(flags.out, 'train.csv');
  const rows = Array.from({ length: DIFFERENT }, (_, i) => `${name(i)},0`);
  writeFileSync(list, `path,label\n${rows.join('\n')}\n`);
  const fit = ['fit', list, '--root', '.', '--out', model, '--config', config];
  const { status, stderr } = spawnSync(process.execPath, [cli, ...fit], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Both in turn. */
async function coldStarts(rounds: number): Promise<string[]> {
  const one = join(films, '000000.png');
  const score = [cli, 'score', one, '--model', model, '--backend', 'wasm'];
  const bare = ['--input-type=module', '--eval', BARE, model];
  const seconds = { bare: [] as number[], score: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const [script, command] = [
      await timed(...first([process.execPath, ...bare])),
      await timed(...first([process.execPath, ...score])),
    ];
    // The first round only warms up.
    if (round === 0) continue;
    seconds.bare.push(script.seconds);
    seconds.score.push(command.seconds);
  }
  const ratio = median(seconds.score) / median(seconds.bare);
  return [
    `| cold \`salad-ad score one.png\` | ${median(seconds.score).toFixed(2)} s | bare script | ${median(seconds.bare).toFixed(2)} s | ${ratio.toFixed(2)} (at most 1.5) |`,
  ];
}

/** Runs on one core and on two, in turn. */
async function throughput(count: number, pairs: number): Promise<string[]> {
  const score = (cores: string, threads: number) => {
    const out = join(flags.out, `scores-${threads}.csv`);
    rmSync(out, { force: true });
    const args = [
      'score',
      chosen(count),
      '--model',
      model,
      '--out',
      out,
      '--backend',
      'wasm',
      '--quiet',
    ];
    const command = [
      'taskset',
      '-c',
      cores,
      process.execPath,
      cli,
      ...args,
      '--threads',
      String(threads),
    ];
    return timed(...first(command));
  };
  const one: Ended[] = [];
  const two: Ended[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    one.push(await score('0', 1));
    two.push(await score('0,1', 2));
  }
  if (
    !readFileSync(join(flags.out, 'scores-1.csv')).equals(
      readFileSync(join(flags.out, 'scores-2.csv')),
    )
  )
    throw new Error('one thread and two wrote different tables');
  const ratio = median(one.map(({ seconds }, i) => seconds / two[i].seconds));
  const seconds = (runs: readonly Ended[]) => median(runs.map((run) => run.seconds));
  const pace = (runs: readonly Ended[]) => `${(count / seconds(runs)).toFixed(1)} films/s`;
  const each = (runs: readonly Ended[]) =>
    `${((1000 * median(runs.map(({ processor }) => processor))) / count).toFixed(1)} ms`;
  const most = (runs: readonly Ended[]) =>
    Math.round(Math.max(...runs.map((run) => run.megabytes)));
  return [
    `| \`score\` of ${count} PNG films of 1024 px, two cores | ${pace(two)} | one core | ${pace(one)} | ${ratio.toFixed(2)} (at least 1.8) |`,
    `| processor time of a film, two cores | ${each(two)} | one core | ${each(one)} | |`,
    `| largest memory, two cores | ${most(two)} MB | one core | ${most(one)} MB | (below 600 MB) |`,
  ];
}

/** A command before all other work of the machine, where that is asked for. */
const first = (command: readonly string[]): [string, readonly string[]] =>
  flags.first ? ['chrt', ['-r', '5', ...command]] : [command[0], command.slice(1)];

/** So many films, in a folder of their own. */
function chosen(count: number): string {
  const folder = join(flags.out, `films-${count}`);
  if (existsSync(folder)) return folder;
  mkdirSync(folder);
  for (let i = 0; i < count; i++) {
    const name = `${String(i).padStart(6, '0')}.png`;
    linkSync(join(films, name), join(folder, name));
  }
  return folder;
}

const machine = thisMachine();
const count = Number(flags.films);
await prepare(count);
const lines = [
  `${machine.processor}, ${machine.cores} cores, Node ${machine.node}, commit ${machine.commit}`,
  '',
  '| | | compared with | | ratio |',
  '|---|---|---|---|---|',
  ...(await coldStarts(Number(flags.rounds))),
  ...(await throughput(count, Number(flags.pairs))),
];
console.log(lines.join('\n'));
