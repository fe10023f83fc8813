import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arraySource } from '../../src/data/array-source.js';
import { concatSources, subset } from '../../src/data/combine.js';
import { type ImageJob, imageJobRunner } from '../../src/data/image-job.js';
import { noAugmentation } from '../../src/images/augmentation.js';
import { none } from '../../src/images/image-normalization.js';
import type { ImageSource } from '../../src/images/image-source.js';
import { imagePreparation } from '../../src/images/preparation.js';
import { readImages, requestFor } from '../../src/images/read-images.js';
import { imagePool, nodeImages, recordSource } from '../../src/node/index.js';

let root = '';
const records = [{ path: 'a.png', id: 'first' }, { path: 'b.png' }, { path: 'gone.png' }];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'salad-ad-located-'));
  const image = (value: number) =>
    encode({ width: 2, height: 3, data: new Uint8Array(6).fill(value), channels: 1, depth: 8 });
  await writeFile(join(root, 'a.png'), image(51));
  await writeFile(join(root, 'b.png'), image(102));
});
afterAll(() => rm(root, { recursive: true }));

const preparation = imagePreparation({
  inputShape: [4, 4, 1],
  imageNormalization: none(),
  augmentation: { ...noAugmentation, shift: 0.2 },
});

/** The images at `indices` of a source as a job of a pool, which finds them by itself. */
const located = (source: ImageSource, indices: number[]): ImageJob => ({
  request: requestFor('caller', source, indices),
  images: source.locate?.(indices) as NonNullable<ReturnType<NonNullable<typeof source.locate>>>,
  preparation: preparation.toJSON(),
});

/** The same, read here. */
const readHere = async (source: ImageSource, indices: number[]) =>
  preparation.apply(await readImages('caller', source, indices));

describe('a recordSource on threads', () => {
  it('is read by them as it is read here', async () => {
    const source = recordSource(root, records, { size: [4, 4], onUnreadable: 'skip' });
    const pool = await imagePool({ concurrency: 1 });
    for (const indices of [[0, 1], [1], [2, 1, 0], [2]]) {
      const job = located(source, indices);
      expect(JSON.stringify(job.images)).not.toContain('pixels');
      expect(await pool.run(job)).toEqual(await readHere(source, indices));
    }
    await pool.dispose();
  });

  it('names the image that cannot be had', async () => {
    const source = recordSource(root, [{ path: 'gone.png', id: 'lost' }]);
    const pool = await imagePool({ concurrency: 1 });
    await expect(pool.run(located(source, [0]))).rejects.toMatchObject({
      code: 'IMAGE_UNREADABLE',
      message: expect.stringContaining("caller: 'lost': "),
    });
    await pool.dispose();
  });

  it('goes on with the other files where one vanishes while its threads live', async () => {
    const path = join(root, 'brief.png');
    await writeFile(path, await readFile(join(root, 'a.png')));
    const films = [{ path: 'brief.png' }, { path: 'b.png' }];
    const pool = await imagePool({ concurrency: 2 });
    const run = (source: ImageSource) => pool.run(located(source, [0, 1]));
    const options = { size: [4, 4], cacheBytes: 0 } as const;
    const strict = recordSource(root, films, options);
    const skipping = recordSource(root, films, { ...options, onUnreadable: 'skip' });
    expect((await run(strict)).images.length).toBe(32);
    expect((await run(skipping)).problems).toEqual([]);
    await rm(path);
    await expect(run(strict)).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
    const left = await run(skipping);
    expect(left.problems).toMatchObject([{ index: 0, id: 'brief.png', code: 'IMAGE_UNREADABLE' }]);
    expect(left.images.length).toBe(16);
    await pool.dispose();
  });

  it('keeps images within a thread, all threads together up to cacheBytes', async () => {
    const path = join(root, 'kept.png');
    await writeFile(path, await readFile(join(root, 'a.png')));
    const films = [{ path: 'kept.png' }];
    const pool = await imagePool({ concurrency: 1 });
    const kept = recordSource(root, films, { size: [4, 4] });
    const before = await pool.run(located(kept, [0]));
    await rm(path);
    // A view of its own asks for the same file.
    expect(await pool.run(located(subset(kept, [0]), [0]))).toEqual(before);
    const small = recordSource(root, films, { size: [4, 4], cacheBytes: 63 });
    await expect(pool.run(located(small, [0]))).rejects.toThrow('there is no such file');
    await pool.dispose();
  });

  it('hands the masks of a transform, made here, to threads that make batches ready', async () => {
    const source = recordSource(root, records.slice(0, 2), {
      size: [4, 4],
      transform: ({ pixels, ...image }) => ({
        ...image,
        pixels,
        mask: pixels.map((_, i) => 50 * i) as Uint8Array,
      }),
    });
    const images = await source.read([1, 0]);
    const request = requestFor('caller', source, [1, 0]);
    const variation = { seed: 3, epoch: 1 };
    const read = await readImages('caller', source, [1, 0]);
    const here = preparation.apply(read, { variation });
    expect(new Set(here.masks).size).toBeGreaterThan(3);
    expect(here.viewMasks).not.toEqual(here.masks);
    const pool = await imagePool({ concurrency: 1 });
    const job = { request, images, preparation: preparation.toJSON(), variation };
    expect(await pool.run(job)).toEqual(here);
    await pool.dispose();
  });

  it('stays here where code of the caller takes part', () => {
    expect(recordSource(root, records, { transform: (image) => image }).locate).toBeUndefined();
    expect(recordSource(root, records, { onProblem: () => {} }).locate).toBeUndefined();
    expect(recordSource(root, records, { decoders: [nodeImages()] }).locate).toBeUndefined();
  });

  it('is one of several behind one another, where they share folder and options', async () => {
    const options = { size: [4, 4] as const };
    const [first, second] = [[records[0]], [records[1]]].map((one) =>
      recordSource(root, one, options),
    );
    const both = concatSources(second, subset(first, [0]));
    const pool = await imagePool({ concurrency: 1 });
    const there = await pool.run(located(both, [1, 0, 1]));
    await pool.dispose();
    expect(there).toEqual(await readHere(both, [1, 0, 1]));
    const other = recordSource(root, [records[0]], { ...options, maxPixels: 2 ** 20 });
    expect(concatSources(first, other).locate).toBeUndefined();
    const array = arraySource({ pixels: new Uint8Array(16), shape: [4, 4, 1] });
    expect(concatSources(first, array).locate).toBeUndefined();
  });
});

describe('a thread that is of no pool of ours', () => {
  it('opens a recordSource all the same', async () => {
    const source = recordSource(root, records.slice(0, 2), { size: [4, 4] });
    const run = imageJobRunner();
    expect(await run(located(source, [1, 0]))).toEqual(await readHere(source, [1, 0]));
  });
});
