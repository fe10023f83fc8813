import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ImageJob, ImagePool } from '../../src/data/index.js';
import {
  customNormalization,
  localContrast,
  SaladModel,
  type SaladOptions,
} from '../../src/index.js';
import { imagePool } from '../../src/node/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { halfMasked } from '../model/masked.js';
import { codeOf, memoryFile, mixed, outcome, tinyModel } from '../model/tiny.js';
import { useBackend } from '../support/backends.js';
import { locatedEnd, locatedMixed, locatedTorn, torn } from './located.js';

const varied: Partial<SaladOptions> = {
  imageNormalization: localContrast(),
  reconstructionTarget: 'image',
  augmentation: { shift: 0.1, rotation: 10, scale: 0.1, noise: 0.1 },
};
const images = mixed(20, 2);
const validation = mixed(4, 4, 9);

/** What a run comes to with a pool, or with none. */
async function trained(pool?: ImagePool, source = images, options = varied) {
  const model = tinyModel(options);
  await model.fit(source, { validation, imagePool: pool });
  const result = await outcome(model, validation);
  model.dispose();
  return result;
}

describe('imagePool', () => {
  let alone: Awaited<ReturnType<typeof trained>>;
  beforeAll(async () => {
    await useBackend('wasm');
    enableWasmTraining();
    alone = await trained();
  });

  it.each([1, 3])('of %i changes no bit of what is learnt', async (concurrency) => {
    const pool = await imagePool({ concurrency });
    const jobs: ImageJob[] = [];
    const run = (job: ImageJob) => {
      jobs.push(job);
      return pool.run(job);
    };
    expect(await trained({ concurrency, run })).toEqual(alone);
    // 3 epochs of 6 steps, at the least.
    expect(jobs.filter(({ variation }) => variation).length).toBe(18);
    await pool.dispose();
  });

  it('tells of a thread that ends by itself, and starts another', async () => {
    const pool = await imagePool({ concurrency: 2 });
    const model = tinyModel(varied);
    await expect(model.fit(locatedEnd(3), { imagePool: pool })).rejects.toMatchObject({
      code: 'THREAD_ENDED',
      message: expect.stringMatching(/^SaladModel\.fit: a thread of the pool ended .*exit code 3/),
    });
    model.dispose();
    expect(await trained(pool, locatedMixed(20, 2, 1))).toEqual(await trained(undefined));
    await pool.dispose();
  });

  it('leaves out an image that cannot be read, and says so', async () => {
    const pool = await imagePool({ concurrency: 2 });
    const expected = await trained(undefined, torn(images));
    expect(expected.history.map(({ unreadable }) => unreadable)).toEqual([1, 1, 1]);
    expect(await trained(pool, torn(images))).toEqual(expected);
    const model = tinyModel(varied);
    const { problems } = await model.fit(locatedTorn(20, 2, 1), { validation, imagePool: pool });
    expect(problems).toMatchObject([
      { index: 5, id: 'image-5', code: 'IMAGE_TRUNCATED', message: 'cut short' },
    ]);
    expect(await outcome(model, validation)).toEqual(expected);
    model.dispose();
    await pool.dispose();
  });

  it('goes on with a run that was begun without one', async () => {
    const pool = await imagePool({ concurrency: 2 });
    const file = memoryFile();
    const first = tinyModel(varied);
    for await (const { epoch } of first.train(images, { validation, checkpoint: file })) {
      if (epoch === 0) break;
    }
    first.dispose();
    const second = await SaladModel.load(file);
    await second.fit(images, { validation, resume: true, imagePool: pool });
    expect(await outcome(second, validation)).toEqual(alone);
    second.dispose();
    await pool.dispose();
  });

  it('varies masks with their images, to the same bits', async () => {
    const pool = await imagePool({ concurrency: 3 });
    for (const reconstructionTarget of ['view', 'image'] as const) {
      const options = { ...varied, reconstructionTarget };
      const masked = await trained(undefined, halfMasked(images), options);
      expect(await trained(pool, halfMasked(images), options)).toEqual(masked);
      expect(masked).not.toEqual(await trained(undefined, images, options));
    }
    await pool.dispose();
  });

  it('reads a source on its threads where they can find it', async () => {
    const pool = await imagePool({ concurrency: 2 });
    expect(await trained(pool, locatedMixed(20, 2, 1))).toEqual(alone);
    await pool.dispose();
  });

  it('leaves the code of a custom normalisation where it is', async () => {
    const doubled = customNormalization({ name: 'doubled', apply: (v) => v.map((x) => 2 * x) });
    const options = { ...varied, imageNormalization: doubled };
    const pool = { concurrency: 1, run: () => Promise.reject(new Error('not to be sent')) };
    expect(await trained(pool, images, options)).toEqual(await trained(undefined, images, options));
  });

  it('tells the errors of its threads with code and details', async () => {
    const pool = await imagePool({ concurrency: 1 });
    const inputShape = [1, 2, 1] as const;
    const preparation = { inputShape, imageNormalization: { name: 'none', options: {} } };
    const request = { where: 'caller', indices: [3], ids: ['film'] };
    const job = (...pixels: number[]): ImageJob => ({
      request,
      images: { pixels: Float32Array.from(pixels), shape: inputShape },
      preparation,
    });
    await expect(pool.run(job(0, 7))).rejects.toMatchObject({
      name: 'SaladError',
      code: 'PIXEL_RANGE',
      details: { value: 7, x: 1 },
      message: expect.stringMatching(/^caller: image 'film' has .*[^\]] \[PIXEL_RANGE\]$/),
    });
    const { images } = await pool.run(job(0, 1));
    expect([...images]).toEqual([0, 1]);
    await pool.dispose();
    expect(await codeOf(pool.run(job(0, 1)))).toBe('DISPOSED');
    const fit = trained(pool);
    await expect(fit).rejects.toThrow(/^SaladModel\.fit: .*make another by imagePool.*DISPOSED/);
  });

  it('refuses what it cannot be', async () => {
    expect(await codeOf(imagePool({ concurrency: 0 }))).toBe('INVALID_OPTION');
    expect(await codeOf(imagePool({ threads: 2 } as object))).toBe('UNKNOWN_OPTION');
    await expect(imagePool({ workerFile: '/nowhere/worker.js' })).rejects.toThrow(
      "imagePool: the file for its threads, '/nowhere/worker.js', does not exist",
    );
  });

  it('tells every job why no thread starts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'salad-ad-'));
    const workerFile = join(folder, 'worker.mjs');
    await writeFile(workerFile, "throw new Error('no worker');");
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const pool = await imagePool({ concurrency: 1, workerFile });
    const jobs = Array.from({ length: 5 }, () => pool.run({} as ImageJob));
    for (const job of await Promise.allSettled(jobs))
      expect(job).toMatchObject({
        status: 'rejected',
        reason: { code: 'THREAD_ENDED', message: expect.stringContaining('(no worker)') },
      });
    await expect(pool.run({} as ImageJob)).rejects.toThrow('no worker');
    await pool.dispose();
    warn.mockRestore();
    await rm(folder, { recursive: true });
  });

  describe('without its optional package', () => {
    afterAll(() => {
      vi.doUnmock('tinypool');
      vi.resetModules();
    });
    it('names the remedy', async () => {
      vi.doMock('tinypool', () => {
        throw new Error("Cannot find package 'tinypool'");
      });
      const pool = imagePool({ concurrency: 1 });
      await expect(pool).rejects.toMatchObject({ code: 'MISSING_PEER' });
      await expect(imagePool({ concurrency: 1 })).rejects.toThrow('npm install tinypool');
    });
  });
});
