import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imageSource } from '../../src/data/decoded-source.js';
import { type ReadBatch, readInOrder } from '../../src/data/read-in-order.js';
import type { Decoder } from '../../src/decoding/decoder.js';
import type { ImageSource } from '../../src/images/image-source.js';

/** A file of one byte is an image of one pixel. */
const onePixel: Decoder = {
  name: 'onePixel',
  accepts: () => true,
  decode: async (bytes) => ({ pixels: bytes, shape: [1, 1, 1] }),
};

const records = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    path: `${i}`,
    label: (i % 3 === 0 ? 1 : 0) as 0 | 1,
    patient: `p${i}`,
  }));

/** A source whose files come in an order of their own. */
function slow(count: number, delays: readonly number[], concurrency: number): ImageSource {
  let opened = 0;
  return imageSource(records(count), {
    concurrency,
    decoders: [onePixel],
    open: async ({ path }) => {
      for (let turns = delays[opened++ % delays.length]; turns > 0; turns--)
        await new Promise((done) => setImmediate(done));
      return Uint8Array.of(Number(path));
    },
  });
}

async function all(batches: AsyncIterable<ReadBatch>): Promise<ReadBatch[]> {
  const read: ReadBatch[] = [];
  for await (const batch of batches) read.push(batch);
  return read;
}

describe('readInOrder', () => {
  it('gives the same batches however many are read at a time and in whatever order files come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 11 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.nat(7), { minLength: 1, maxLength: 13 }),
        async (count, batchSize, concurrency, images, delays) => {
          const source = slow(count, delays, images);
          const batches = await all(readInOrder(source, { batchSize, concurrency }));
          expect(batches.flatMap(({ indices }) => indices)).toEqual([...records(count).keys()]);
          expect(batches.flatMap(({ pixels }) => [...pixels])).toEqual([...records(count).keys()]);
          expect(batches.flatMap(({ ids }) => ids)).toEqual(source.ids);
          expect(batches.flatMap(({ labels }) => Array.from(labels ?? []))).toEqual(
            Array.from(source.labels ?? []),
          );
          expect(batches.flatMap(({ patients }) => patients)).toEqual(source.patients);
          const sizes = batches.map(({ length }) => length);
          expect(sizes.slice(0, -1).every((size) => size === batchSize)).toBe(true);
          expect(sizes).toHaveLength(Math.ceil(count / batchSize));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reads no more batches ahead than it is told', async () => {
    const source = slow(20, [1], 4);
    let going = 0;
    let most = 0;
    const watched: ImageSource = {
      ...source,
      async read(indices) {
        most = Math.max(most, ++going);
        return source.read(indices);
      },
    };
    let taken = 0;
    for await (const batch of readInOrder(watched, { batchSize: 2, concurrency: 3 })) {
      going--;
      taken++;
      expect(batch.indices).toEqual([2 * taken - 2, 2 * taken - 1]);
      await new Promise((done) => setTimeout(done, 2));
    }
    expect(taken).toBe(10);
    // Those on their way or waiting, and the one in hand.
    expect(most).toBe(4);
  });

  it('keeps images that could not be read where they were', async () => {
    const source = imageSource(records(5), {
      decoders: [{ ...onePixel, accepts: (head) => head.length > 0 }],
      onUnreadable: 'skip',
      open: async ({ path }) => (path === '3' ? new Uint8Array(0) : Uint8Array.of(9)),
    });
    const batches = await all(readInOrder(source, { batchSize: 2 }));
    expect(batches.map(({ positions }) => positions)).toEqual([undefined, [0], undefined]);
    expect(batches[1]).toMatchObject({ length: 2, indices: [2, 3] });
    expect(batches[1].problems).toMatchObject([{ index: 1, id: '3', code: 'IMAGE_TRUNCATED' }]);
    const { pixels, positions, problems } = await batches[1].read([1, 0]);
    expect([[...pixels], positions, problems]).toEqual([[9], [1], batches[1].problems]);
  });

  it('fails at the batch that fails, and stops where it is aborted', async () => {
    const failing: ImageSource = {
      length: 4,
      ids: ['a', 'b', 'c', 'd'],
      read: async (indices) => {
        if (indices[0] === 2) throw new Error('no disk');
        return { pixels: new Uint8Array(2), shape: [1, 1, 1] };
      },
    };
    const read: number[] = [];
    const run = async () => {
      for await (const { indices } of readInOrder(failing, { batchSize: 2 })) read.push(...indices);
    };
    await expect(run()).rejects.toThrow('no disk');
    expect(read).toEqual([0, 1]);

    const controller = new AbortController();
    const aborted = async () => {
      const { signal } = controller;
      for await (const { indices } of readInOrder(slow(9, [2], 1), { batchSize: 2, signal })) {
        read.push(...indices);
        if (indices[0] === 2) controller.abort(new Error('enough'));
      }
    };
    await expect(aborted()).rejects.toThrow('enough');
    expect(read).toEqual([0, 1, 0, 1, 2, 3]);
  });

  it('refuses what it cannot be', async () => {
    const source = slow(2, [0], 1);
    const code = (options: object) =>
      readInOrder(source, options)
        .next()
        .catch((error) => error.code);
    expect(await code({ batchSize: 0 })).toBe('INVALID_OPTION');
    expect(await code({ concurrency: 1.5 })).toBe('INVALID_OPTION');
    expect(await code({ size: 3 })).toBe('UNKNOWN_OPTION');
  });
});
