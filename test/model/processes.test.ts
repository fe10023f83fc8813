import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileSystem } from '../../src/node/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { useBackend } from '../support/backends.js';
import { mixed, normals, tinyModel } from './tiny.js';

const script = fileURLToPath(new URL('./score-in-a-process.ts', import.meta.url));
let folder = '';
let scores: number[] = [];

/** What a process of its own, started afresh, says of the saved model. */
async function inAProcess(backend: 'cpu' | 'wasm' | 'none') {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--import', 'tsx', script],
    ...[folder, backend],
  ]);
  const line = stdout.split('\n').find((one) => one.startsWith('ANSWERS '));
  return JSON.parse(line!.slice('ANSWERS '.length)) as { score: number[] | string; fit: unknown };
}

describe('a model in a process of its own', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'salad-model-'));
    await useBackend('wasm');
    enableWasmTraining();
    const model = tinyModel();
    await model.fit(normals(12));
    await model.save(fileSystem(folder));
    scores = Array.from((await model.score(mixed(3, 3, 7))).scores);
    model.dispose();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('scores the same on wasm, where training without enableWasmTraining fails at once', async () => {
    const { score, fit } = await inAProcess('wasm');
    expectClose(score, 1e-6);
    expect(fit).toMatch(
      /^SaladModel\.fit: the backend 'wasm' lacks .*enableWasmTraining\(\).*\[BACKEND_CANNOT_TRAIN\]$/,
    );
  });

  it('scores the same on another backend to 1e-4, and trains there', async () => {
    const { score, fit } = await inAProcess('cpu');
    expectClose(score, 1e-4);
    expect(fit).toBe(3);
  });

  it('says to start a backend where none is', async () => {
    const { score, fit } = await inAProcess('none');
    expect(score).toMatch(/^SaladModel\.load: no tensor backend is ready.*\[BACKEND_NOT_READY\]$/);
    expect(fit).toMatch(/^convAutoencoder: no tensor backend is ready.*\[BACKEND_NOT_READY\]$/);
  });
});

function expectClose(actual: number[] | string, tolerance: number): void {
  expect(actual).toBeInstanceOf(Array);
  expect(actual.length).toBe(scores.length);
  for (const [i, score] of scores.entries())
    expect(Math.abs(Number(actual[i]) - score), `[${i}]`).toBeLessThanOrEqual(tolerance);
}
