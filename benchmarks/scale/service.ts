/**
 * The service of examples/service under load on the loopback: whether a film is lost, whether a score is wrong, and its memory.
 *
 *   npx tsx benchmarks/scale/service.ts
 *       --seconds 60    how long clients send films; default 60
 *       --clients 64    how many send at once; default 64
 *       --places 32     those of the service; fewer than clients, so that some are asked to come again
 *       --out file.md   default service.md beside this script for 64 clients and a minute at least, else output/scale/service.md
 *
 * At the end it is killed under load and started again. Exit code 1 where a film was lost, a score differs from the model's, the kill lost more than what was on its way, or, in a
 * minute and more, the memory grew by a tenth from the second third to the last.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { SaladModel } from 'salad-ad';
import { fileSystem } from 'salad-ad/node';
import { enableWasmTraining } from 'salad-ad/wasm';
import { thisMachine } from '../speed/machine.js';
import { prepare } from './prepare.js';
import { client, type Tally } from './service-client.js';
import { IN_ALL, killedUnderLoad } from './service-killed.js';
import { metric, startService } from './service-process.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const folder = join(root, 'output/scale');
const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    clients: { type: 'string', default: '64' },
    places: { type: 'string', default: '32' },
    out: { type: 'string' },
  },
});
const [seconds, clients] = [Number(flags.seconds), Number(flags.clients)];

enableWasmTraining();
await tf.setBackend('wasm');
const made = await prepare(folder, 400);
const model = await SaladModel.load(fileSystem(made.model));
const films: Buffer[] = [];
const expected: (number | undefined)[] = [];
for (const name of (await readdir(made.films)).sort()) {
  const film = await readFile(join(made.films, name));
  const { scores } = await model.scoreFiles([film]);
  films.push(film);
  expected.push(scores[0]);
}

const { service, port } = await startService(made.model, flags.places);
const agent = new Agent({ keepAlive: true, maxSockets: clients });
const tally: Tally = { sent: 0, answered: 0, refused: 0, lost: 0, wrong: 0, seconds: [] };
const memory: number[] = [];
const watch = setInterval(() => void memoryOf(port).then((bytes) => memory.push(bytes)), 500);
const began = performance.now();
const until = began + 1000 * seconds;
await Promise.all(
  Array.from({ length: clients }, (_, c) =>
    client({ port, agent, films, expected, tally }, c, until),
  ),
);
const took = (performance.now() - began) / 1000;
clearInterval(watch);
const counted = await scoredOf(port);
service.kill('SIGTERM');
const code = await new Promise<number | null>((resolve) => service.once('exit', resolve));
agent.destroy();
const killed = await killedUnderLoad({ model: made.model, ...flags, films, expected });

// The first third is left out: in it caches and pools fill.
const later = memory.slice(Math.ceil(memory.length / 3));
const half = later.length >> 1;
const growth = median(later.slice(half)) / median(later.slice(0, half)) - 1;
const { processor, cores, node, commit } = thisMachine();
const sorted = tally.seconds.sort((a, b) => a - b);
const at = (share: number) => (1000 * sorted[Math.floor(share * (sorted.length - 1))]).toFixed(0);
const text = `# The service under load

Written by \`npx tsx benchmarks/scale/service.ts --seconds ${seconds} --clients ${clients}\` ([what is measured](README.md#the-service)). ${processor}, ${cores} cores, Node ${node}, commit ${commit}; the clients run on the same cores.

| | |
|---|---|
| clients, places, seconds | ${clients}, ${flags.places}, ${took.toFixed(1)} |
| films sent, answered, lost | ${tally.sent}, ${tally.answered}, ${tally.lost} |
| films scored by the service's own count (others cannot be read) | ${counted} |
| times that a client was asked to come again (503) | ${tally.refused} |
| scores unlike the model's | ${tally.wrong} |
| films a second | ${(tally.answered / took).toFixed(0)} |
| milliseconds from the first attempt to the answer: median, 99%, most | ${at(0.5)}, ${at(0.99)}, ${at(1)} |
| resident memory: median of the second third, of the last third, highest | ${[median(later.slice(0, half)), median(later.slice(half)), Math.max(...memory)].map((bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`).join(', ')} |
| exit code after SIGTERM | ${code} |

Then the service was killed (SIGKILL) under the same clients and started again; each client sent again what had no answer.

| | |
|---|---|
| films answered before the kill, in the end | ${killed.before}, ${killed.answered} of ${IN_ALL * clients} |
| films that had no answer to their first attempt | ${killed.unanswered}, of ${clients} clients with one film each on its way |
| most of one client | ${killed.mostOfOne} |
| scores unlike the model's | ${killed.wrong} |
`;
const path = flags.out ?? join(seconds >= 60 && clients === 64 ? here : folder, 'service.md');
await mkdir(folder, { recursive: true });
await writeFile(path, text);
console.log(`${text}\nwrote ${path}`);
const onlyInFlight = killed.mostOfOne <= 1 && killed.wrong === 0;
const good = tally.lost === 0 && tally.wrong === 0 && code === 0 && onlyInFlight;
const flat = seconds < 60 || growth < 0.1;
process.exitCode = good && flat && tally.sent === tally.answered ? 0 : 1;

function memoryOf(port: number): Promise<number> {
  return metric(port, 'process_resident_memory_bytes');
}

function scoredOf(port: number): Promise<number> {
  return metric(port, 'salad_films_total{outcome="scored"}');
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
