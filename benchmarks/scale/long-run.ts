/**
 * A long run of `salad-ad score` on one machine, killed in the middle and begun again: whether every film comes once and in order, whether its score is that of
 * the model to the bit, whether memory is flat, and what the run says of its pace.
 *
 *   npm run build && npx tsx benchmarks/scale/long-run.ts --films 100000
 *       --films 100000     how many; default 100000
 *       --threads 2        of the command; default as many as there are cores
 *       --out file.md      default long-run.md beside this script for 100000 films at least, else output/scale/long-run.md
 *
 * Exit code 1 where a film is missing, comes twice or has another score, or, in 20,000 films and more, the memory grew by a tenth from the middle of a run to its end.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { SaladModel } from 'salad-ad';
import { fileSystem } from 'salad-ad/node';
import { enableWasmTraining } from 'salad-ad/wasm';
import { thisMachine } from '../speed/machine.js';
import { linkedFilms } from './linked-films.js';
import { residentMemory } from './measured.js';
import { prepare } from './prepare.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const folder = join(root, 'output/scale');
const { values: flags } = parseArgs({
  options: {
    films: { type: 'string', default: '100000' },
    threads: { type: 'string' },
    out: { type: 'string' },
  },
});
const count = Number(flags.films);
enableWasmTraining();
await tf.setBackend('wasm');
const { model, films: originals } = await prepare(folder, 400);
const films = await linkedFilms(originals, join(folder, `linked-${count}`), count);
const table = join(folder, 'long-run.csv');
for (const end of ['', '.partial', '.lock']) await rm(`${table}${end}`, { force: true });

/** What was seen of one run. */
interface Seen {
  /** Bytes, once a second, with the films that were done by then. */
  readonly memory: { readonly done: number; readonly bytes: number }[];
  /** The last that the program said of its pace. */
  pace: { imagesPerSecond?: number; secondsLeft?: number };
  seconds: number;
  code: number | null;
}

/** Runs the command; kills it once so many films are done. */
function run(killAt = Number.POSITIVE_INFINITY): Promise<Seen> {
  const threads = flags.threads ? ['--threads', flags.threads] : [];
  const given = ['score', films.folder, '--model', model, '--backend', 'wasm', '--out', table];
  const child = spawn(process.execPath, [join(root, 'dist/cli.js'), ...given, ...threads], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const began = performance.now();
  const seen: Seen = { memory: [], pace: {}, seconds: 0, code: null };
  let [done, text] = [0, ''];
  const watch = setInterval(() => {
    if (done > 0) seen.memory.push({ done, bytes: residentMemory(child.pid as number) });
  }, 1000);
  child.stderr.setEncoding('utf8').on('data', (piece) => {
    const lines = `${text}${piece}`.split('\n');
    text = lines.pop() as string;
    for (const line of lines) {
      const event = line.startsWith('{') ? JSON.parse(line) : { event: 'note', message: line };
      if (event.event !== 'progress') console.log(event.message ?? line);
      else if (event.done < event.total || done === 0) seen.pace = event;
      if (event.event === 'progress') done = event.done;
    }
    if (done >= killAt) child.kill('SIGKILL');
  });
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearInterval(watch);
      resolve({ ...seen, seconds: (performance.now() - began) / 1000, code });
    });
  });
}

const killed = await run(count / 2);
const kept = readFileSync(`${table}.partial`, 'utf8').split('{"file"').length - 1;
console.log(`killed after ${killed.seconds.toFixed(0)} s with ${kept} rows on the disk`);
const again = await run();

const own = await SaladModel.load(fileSystem(model));
const { scores, indices } = await own.scoreFiles([...films.originals]);
const expected = new Map(Array.from(scores, (score, i) => [indices?.[i] ?? i, score]));
const [head, ...rows] = readFileSync(table, 'utf8').trim().split('\n');
const at = head.split(',').indexOf('score');
let [outOfPlace, wrong] = [0, 0];
for (const [i, path] of films.paths.entries()) {
  const cells = rows[i]?.split(',') ?? [];
  if (cells[0] !== path) outOfPlace++;
  const score = expected.get(i % films.originals.length);
  if ((cells[at] === '' ? undefined : Number(cells[at])) !== score) wrong++;
}

/** Median of a part of a run, by films that were done. */
const median = ({ memory }: Seen, from: number, to: number): number => {
  const [first, last] = [memory[0]?.done ?? 0, memory.at(-1)?.done ?? 0];
  const place = (done: number) => (done - first) / Math.max(1, last - first);
  const part = memory.filter(({ done }) => place(done) >= from && place(done) <= to);
  return part.map(({ bytes }) => bytes).sort((a, b) => a - b)[part.length >> 1] ?? Number.NaN;
};
const parts = [killed, again].map((one) => [median(one, 0.3, 0.6), median(one, 0.7, 1)] as const);
const growth = Math.max(...parts.map(([middle, end]) => end / middle - 1));
const mib = (bytes: number) => (bytes > 0 ? `${(bytes / 2 ** 20).toFixed(0)} MiB` : 'too short');
const most = Math.max(...[killed, again].flatMap(({ memory }) => memory.map(({ bytes }) => bytes)));
const { processor, cores, node, commit } = thisMachine();
const text = `# A long run of the command

Written by \`npx tsx benchmarks/scale/long-run.ts --films ${count}${flags.threads ? ` --threads ${flags.threads}` : ''}\` ([what is measured](README.md#a-long-run)). ${processor}, ${cores} cores, Node ${node}, commit ${commit}.

| | |
|---|---|
| films, rows of the table, out of their order | ${count}, ${rows.length}, ${outOfPlace} |
| scores unlike the model's | ${wrong} |
| SIGKILL at | ${killed.seconds.toFixed(0)} s, with ${kept} rows on the disk |
| the same line again | ${again.seconds.toFixed(0)} s for the others, exit code ${again.code} (5: some files are damaged) |
| films a second, as the run says near its end | ${again.pace.imagesPerSecond} |
| resident memory, with threads: middle and end of the killed run | ${parts[0].map(mib).join(', ')} |
| middle and end of the other; most in both | ${parts[1].map(mib).join(', ')}; ${mib(most)} |
`;
const path = flags.out ?? join(count >= 100_000 ? here : folder, 'long-run.md');
await mkdir(folder, { recursive: true });
await writeFile(path, text);
console.log(`${text}\nwrote ${path}`);
const whole = rows.length === count && outOfPlace === 0 && wrong === 0 && kept >= count / 2;
process.exitCode = whole && (count < 20_000 || growth < 0.1) ? 0 : 1;
