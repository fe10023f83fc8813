import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SaladModel } from '../../../src/index.js';
import { fileSystem, recordSource } from '../../../src/node/index.js';
import { enableWasmTraining } from '../../../src/wasm/index.js';
import { tinyModel } from '../../model/tiny.js';
import { useBackend } from '../../support/backends.js';
import { writeFilms } from '../../support/written-films.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A model that learnt from files, saved into `folder`, and films that it has not seen, with what it says of each alone. */
export async function savedModel(folder: string) {
  await useBackend('wasm');
  enableWasmTraining();
  const options = { size: [8, 8], resize: { method: 'area', fit: 'stretch' } } as const;
  const validation = recordSource(folder, await writeFilms(folder, [24, 50]), options);
  const fitted = tinyModel();
  await fitted.fit(recordSource(folder, await writeFilms(folder, [0, 24]), options), {
    validation,
  });
  await fitted.save(fileSystem(join(folder, 'model')));
  fitted.dispose();
  const model = await SaladModel.load(fileSystem(join(folder, 'model')));
  const records = await writeFilms(folder, [50, 62]);
  const films = await Promise.all(records.map(({ path }) => readFile(join(folder, path))));
  const scores: number[] = [];
  for (const film of films) scores.push((await model.scoreFiles([film])).scores[0]);
  return { model, films, scores };
}

/** The service as a process of its own. */
export interface RunningService {
  readonly port: number;
  /** All that it wrote so far. */
  text(): string;
  kill(signal: NodeJS.Signals): void;
  /** Its exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Starts the service, and waits until it is ready. */
export async function startService(
  folder: string,
  flags: readonly string[] = [],
  port = 0,
): Promise<RunningService> {
  const given = ['--model', join(folder, 'model'), '--port', String(port), ...flags];
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', 'examples/service/main.ts', ...given],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let text = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (data) => {
      text += data;
    });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const over = ended.then(() => true);
  while (!text.includes('"ready"'))
    if (await Promise.race([over, pause(20)])) throw new Error(`the service ended: ${text}`);
  const found = Number(/"port":(\d+)/.exec(text)?.[1]);
  return { port: found, text: () => text, kill: (signal) => child.kill(signal), ended };
}

/** An upload of which so many bytes are sent at once, and the others when `rest` is called. */
export function upload(
  port: number,
  film: Uint8Array,
  sent = film.length,
  path = '/score',
): {
  readonly answer: Promise<Answer>;
  rest(): void;
  leave(): void;
} {
  const headers = { 'content-length': film.length };
  // A connection for each film: no other one can have ended meanwhile.
  const to = { port, host: '127.0.0.1', path, method: 'POST', agent: false } as const;
  const sending = request({ ...to, headers });
  const answer = new Promise<Answer>((resolve, reject) => {
    sending.on('error', reject);
    sending.on('response', async (response) => {
      try {
        let text = '';
        for await (const piece of response) text += piece;
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, body: JSON.parse(text) });
      } catch (error) {
        reject(error);
      }
    });
  });
  answer.catch(() => {});
  if (sent === film.length) sending.end(film);
  else sending.write(film.subarray(0, sent));
  return {
    answer,
    rest: () => sending.end(film.subarray(sent)),
    leave: () => sending.destroy(),
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: { score?: number; code?: string; error?: string };
}

export const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** The value of one line of /metrics. */
export async function metric(port: number, name: string): Promise<number | undefined> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const line = text.split('\n').find((line) => line.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length));
}

/** Waits until the value of a line of /metrics is `value`. */
export async function untilMetric(port: number, name: string, value: number): Promise<void> {
  while ((await metric(port, name)) !== value) await pause(10);
}
