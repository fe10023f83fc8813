import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { BroadcastChannel } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ImageSource, SaladModel } from '../../src/index.js';
import { fileSystem, type ScoringPool, scoringPool } from '../../src/node/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { codeOf, large200, memoryFile, mixed, normals, tinyModel } from '../model/tiny.js';
import { useBackend } from '../support/backends.js';
import { lossySource } from '../support/lossy-source.js';
import { locatedEnd, locatedMixed, locatedTorn, torn } from './located.js';

const backend = '@tensorflow/tfjs-backend-wasm';
// Three batches, the last of which is not full.
const images = mixed(120, 30, 7);

describe('scoringPool', () => {
  let folder = '';
  let model: SaladModel;
  let pool: ScoringPool;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'salad-pool-'));
    await useBackend('wasm');
    enableWasmTraining();
    model = tinyModel({ score: 'both', cells: { grid: [4, 4], coreset: 30 } });
    await model.fit(normals(12), { validation: mixed(8, 0, 5) });
    await model.save(fileSystem(folder));
    pool = await scoringPool(fileSystem(folder), { backend, concurrency: 2 });
  });
  afterAll(async () => {
    model.dispose();
    await pool.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('of any size gives what the model gives, to the bit and in order', async () => {
    const expected = await model.score(images);
    expect(await pool.score(images)).toEqual(expected);
    const one = await scoringPool(fileSystem(folder), { backend, concurrency: 1 });
    expect(await one.score(images)).toEqual(expected);
    await one.dispose();
  });

  it('computes on one thread in each of its own, also where these could share their memory', async () => {
    const told: unknown[] = [];
    const channel = new BroadcastChannel('salad-ad/test/threads');
    channel.onmessage = (event) => told.push((event as { data?: unknown }).data);
    const shared = new URL('./threaded-backend.ts', import.meta.url);
    const threads = await scoringPool(fileSystem(folder), { backend: shared, concurrency: 2 });
    expect(await threads.score(images)).toEqual(await model.score(images));
    await threads.dispose();
    channel.close();
    expect(told).toEqual(['SharedArrayBuffer', 'SharedArrayBuffer']);
  });

  it('scores images so large that a thread takes its share in several batches', async () => {
    const large = tinyModel(large200);
    await large.fit(normals(12));
    const file = memoryFile();
    await large.save(file);
    const threads = await scoringPool(file, { backend, concurrency: 2 });
    const few = torn(mixed(12, 8, 7));
    expect(await threads.score(few)).toEqual(await large.score(few));
    large.dispose();
    await threads.dispose();
  });

  it('leaves out the own rows of training images', async () => {
    const train = normals(12);
    const ownRows = Array.from({ length: 12 }, (_, i) => i);
    const expected = await model.score(train, { ownRows });
    expect(await pool.score(train, { ownRows })).toEqual(expected);
    expect((await pool.score(train)).scores).not.toEqual(expected.scores);
    expect(await codeOf(pool.score(train, { ownRows: [1] }))).toBe('SHAPE_MISMATCH');
  });

  it('gives p-values by group as the model does, and tells once of groups that it does not know', async () => {
    const grouped = await SaladModel.load(fileSystem(folder));
    const views = ['frontal', 'frontal', 'lateral', 'lateral'];
    await grouped.calibrate(normals(4, 5), { groups: views });
    const file = memoryFile();
    await grouped.save(file);
    const own = await scoringPool(file, { backend, concurrency: 2 });
    const groups = images.ids.map((_, i) => (i % 10 === 0 ? 'oblique' : 'lateral'));
    const told: string[] = [];
    const onWarning = ({ code, message }: { code: string; message: string }) =>
      told.push(`${code} ${message}`);
    const found = await own.score(images, { groups, onWarning });
    expect(found).toEqual(await grouped.score(images, { groups }));
    expect(found.pValueGroups?.slice(0, 2)).toEqual([undefined, 'lateral']);
    const ofGroups = told.filter((text) => text.startsWith('GROUP_WITHOUT_NORMALS'));
    expect(ofGroups).toEqual([expect.stringMatching(/ScoringPool\.score: 15 of 150 images/)]);
    expect(await codeOf(own.score(images, { groups: ['lateral'] }))).toBe('SHAPE_MISMATCH');
    await own.dispose();
    grouped.dispose();
  });

  it('passes warnings on as the model does', async () => {
    const greedy = tinyModel({ scoreNeighbors: 50 });
    await greedy.fit(normals(12));
    const file = memoryFile();
    await greedy.save(file);
    const expected: string[] = [];
    await greedy.score(images, { onWarning: ({ code }) => expected.push(code) });
    greedy.dispose();
    const threads = await scoringPool(file, { backend, concurrency: 2 });
    const warnings: string[] = [];
    await threads.score(images, { onWarning: ({ code }) => warnings.push(code) });
    expect(warnings).toEqual(expected);
    expect(warnings).toContain('SCORE_NEIGHBORS_CLAMPED');
    await threads.dispose();
  });

  it('reads images on its threads where they can find them', async () => {
    const located = await pool.score(locatedMixed(120, 30, 7));
    expect(located).toEqual(await model.score(images));
  });

  it('gives no score to an image that cannot be read, here or on its threads', async () => {
    const expected = await model.score(torn(images));
    expect(expected.problems).toMatchObject([{ index: 5, id: 'image-5' }]);
    const warnings: string[] = [];
    const onWarning = ({ code, message }: { code: string; message: string }) =>
      warnings.push(`${code} ${message}`);
    expect(await pool.score(torn(images), { onWarning })).toEqual(expected);
    expect(await pool.score(locatedTorn(120, 30, 7))).toEqual(expected);
    expect(warnings).toEqual([expect.stringMatching(/^IMAGES_UNREADABLE .* 1 of 150 images/)]);
  });

  it('gives no score where a batch has no image that can be read, nor where none has', async () => {
    const without = (gone: (index: number) => boolean) => lossySource(images, gone);
    for (const gone of [(i: number) => i >= 64 && i < 128, (i: number) => i < 64, () => true]) {
      const expected = await model.score(without(gone));
      expect(expected.problems?.length).toBe(images.ids.filter((_, i) => gone(i)).length);
      expect(await pool.score(without(gone))).toEqual(expected);
    }
  });

  it('tells how far it has come', async () => {
    const seen: number[] = [];
    await pool.score(images, {
      onProgress: ({ done, total, secondsLeft }) => {
        expect(total).toBe(150);
        expect(secondsLeft).toBeGreaterThanOrEqual(0);
        seen.push(done);
      },
    });
    expect(seen.length).toBe(3);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen[2]).toBe(150);
  });

  it('stops at once when aborted, and goes on working', async () => {
    const reads: number[] = [];
    const controller = new AbortController();
    const slow: ImageSource = {
      ...mixed(640, 0),
      read: async (indices) => {
        reads.push(indices[0]);
        if (reads.length === 3) controller.abort(new Error('enough'));
        return images.read(Array.from(indices, (i) => i % 150));
      },
    };
    await expect(pool.score(slow, { signal: controller.signal })).rejects.toThrow('enough');
    await expect(pool.score(slow, { signal: controller.signal })).rejects.toThrow('enough');
    const early = new AbortController();
    const begun = pool.score(images, { signal: early.signal });
    early.abort(new Error('before the first image'));
    await expect(begun).rejects.toThrow('before the first image');
    expect((await pool.score(images)).scores.length).toBe(150);
    expect(reads.length).toBe(3);
  });

  it('tells what is wrong with an image, with its code, and goes on working', async () => {
    const broken: ImageSource = {
      ...images,
      read: async (indices) => {
        const batch = await images.read(indices);
        if (indices[0] === 64) batch.pixels[5] = 3;
        return batch;
      },
    };
    await expect(pool.score(broken)).rejects.toMatchObject({
      name: 'SaladError',
      code: 'PIXEL_RANGE',
      details: { value: 3 },
    });
    const unreadable = { ...images, read: () => Promise.reject(new Error('the disk is gone')) };
    await expect(pool.score(unreadable)).rejects.toThrow('the disk is gone');
    expect((await pool.score(images)).scores.length).toBe(150);
  });

  it('tells of a thread that ends by itself, and starts another', async () => {
    for (const [how, said] of [
      [0, 'exit code 0'],
      [3, 'exit code 3'],
      ['nobody catches this', 'nobody catches this'],
    ] as const) {
      const ended = pool.score(locatedEnd(how, 300));
      await expect(ended).rejects.toMatchObject({
        code: 'THREAD_ENDED',
        message: expect.stringMatching(
          new RegExp(`^ScoringPool\\.score: a thread of the pool ended .*${said}`),
        ),
      });
      expect((await pool.score(images)).scores.length).toBe(150);
    }
  });

  it('says what it cannot start with', async () => {
    const start = (options: object, file = fileSystem(folder)) =>
      codeOf(scoringPool(file, { backend, concurrency: 1, ...options }));
    expect(await start({ backend: 'no-such-backend' })).toBe('INVALID_OPTION');
    expect(await start({ backend: 'node:path' })).toBe('BACKEND_NOT_READY');
    expect(await start({ workers: 3 })).toBe('UNKNOWN_OPTION');
    expect(await start({}, fileSystem(join(folder, 'nothing')))).toBe('NOT_A_MODEL');
    const nowhere = scoringPool(fileSystem('/nowhere'), { backend });
    await expect(nowhere).rejects.toThrow(/^scoringPool: .*'\/nowhere.*NOT_A_MODEL/);
    const missing = pathToFileURL(join(folder, 'missing.js'));
    expect(await start({ backend: missing })).toBe('ERR_MODULE_NOT_FOUND');
    const leaving = new URL('data:text/javascript,process.exit(7)');
    expect(await start({ backend: leaving })).toBe('THREAD_ENDED');
  });

  it('is gone once disposed', async () => {
    const brief = await scoringPool(fileSystem(folder), { backend, concurrency: 1 });
    const underWay = brief.score(images);
    await Promise.all([
      expect(underWay).rejects.toMatchObject({ code: 'DISPOSED' }),
      brief.dispose(),
    ]);
    await expect(brief.score(images)).rejects.toThrow(/^ScoringPool\.score: .*DISPOSED/);
  });

  it('keeps no process alive, even where nobody disposes of it', async () => {
    const script = fileURLToPath(new URL('./work-and-leave.ts', import.meta.url));
    const args = ['--import', 'tsx', script, folder];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toContain('3 scores, 1 thread');
  });
});
