import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arraySource } from '../../src/data/array-source.js';
import { concatSources, subset } from '../../src/data/combine.js';
import { prepareBatch } from '../../src/data/image-job.js';
import { noAugmentation } from '../../src/images/augmentation.js';
import { none } from '../../src/images/image-normalization.js';
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

const preparation = {
  inputShape: [4, 4, 1] as const,
  normalization: { name: 'none', options: {} },
};

describe('a recordSource on threads', () => {
  it('is read by them as it is read here', async () => {
    const source = recordSource(root, records, { size: [4, 4], onUnreadable: 'skip' });
    const pool = await imagePool({ size: 1 });
    for (const indices of [[0, 1], [1], [2, 1, 0], [2]]) {
      const images = source.locate?.(indices);
      expect(JSON.stringify(images)).not.toContain('pixels');
      const there = await pool.run({ images, preparation } as Parameters<typeof pool.run>[0]);
      const here = prepareBatch(await source.read(indices), {
        ...preparation,
        normalization: none(),
      });
      expect(there).toEqual(here);
    }
    await pool.dispose();
  });

  it('names the image that cannot be had', async () => {
    const source = recordSource(root, [{ path: 'gone.png', id: 'lost' }]);
    const pool = await imagePool({ size: 1 });
    const images = source.locate?.([0]);
    const run = pool.run({ images, preparation } as Parameters<typeof pool.run>[0]);
    await expect(run).rejects.toMatchObject({
      code: 'IMAGE_UNREADABLE',
      message: expect.stringContaining("imageSource.read: 'lost': "),
    });
    await pool.dispose();
  });

  it('goes on with the other files where one vanishes while its threads live', async () => {
    const path = join(root, 'brief.png');
    await writeFile(path, await readFile(join(root, 'a.png')));
    const films = [{ path: 'brief.png' }, { path: 'b.png' }];
    const pool = await imagePool({ size: 2 });
    const run = (source: ReturnType<typeof recordSource>) =>
      pool.run({ images: source.locate?.([0, 1]), preparation } as Parameters<typeof pool.run>[0]);
    const strict = recordSource(root, films, { size: [4, 4] });
    const skipping = recordSource(root, films, { size: [4, 4], onUnreadable: 'skip' });
    expect((await run(strict)).images.length).toBe(32);
    expect((await run(skipping)).unreadable).toBeUndefined();
    await rm(path);
    await expect(run(strict)).rejects.toMatchObject({ code: 'IMAGE_UNREADABLE' });
    const left = await run(skipping);
    expect(left).toMatchObject({ unreadable: [0], reasons: [{ code: 'IMAGE_UNREADABLE' }] });
    expect(left.images.length).toBe(16);
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
    const limits = { ...noAugmentation, shift: 0.2 };
    const variation = { limits, seed: 3, epoch: 1, rows: [1, 0] };
    const here = prepareBatch(images, { ...preparation, normalization: none() }, variation);
    expect(new Set(here.masks).size).toBeGreaterThan(3);
    expect(here.viewMasks).not.toEqual(here.masks);
    const pool = await imagePool({ size: 1 });
    expect(await pool.run({ images, preparation, variation })).toEqual(here);
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
    const pool = await imagePool({ size: 1 });
    const images = both.locate?.([1, 0, 1]);
    const there = await pool.run({ images, preparation } as Parameters<typeof pool.run>[0]);
    await pool.dispose();
    const here = await both.read([1, 0, 1]);
    expect(there).toEqual(prepareBatch(here, { ...preparation, normalization: none() }));
    const other = recordSource(root, [records[0]], { size: [5, 5] });
    expect(concatSources(first, other).locate).toBeUndefined();
    const array = arraySource({ pixels: new Uint8Array(16), shape: [4, 4, 1] });
    expect(concatSources(first, array).locate).toBeUndefined();
  });
});
