import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { imageSource } from '../../src/data/decoded-source.js';
import { readInOrder } from '../../src/data/read-in-order.js';
import type { Decoder } from '../../src/decoding/decoder.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Every film holds 64 KiB of pixels. */
const films: Decoder = {
  name: 'films',
  accepts: () => true,
  decode: async (bytes) => ({
    pixels: new Uint8Array(65_536).fill(bytes[0]),
    shape: [256, 256, 1],
  }),
};

/** The least that is held in some tenths of a second: memory of buffers is given back on another thread, which may have to wait for its turn. */
async function held(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 5; turn++) {
    if (turn > 0) await setTimeout(20);
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    least = Math.min(least, heapUsed + arrayBuffers);
  }
  return least;
}

/** Bytes that a source of `count` films holds beside its list while some are read. */
async function bytesOf(count: number): Promise<number> {
  const list = Array.from({ length: count }, (_, i) => ({ path: `films/${i}.png` }));
  const before = await held();
  const source = imageSource(list, {
    open: async () => Uint8Array.of(7),
    decoders: [films],
    cacheBytes: 2 ** 20,
  });
  let most = 0;
  let batches = 0;
  for await (const { pixels } of readInOrder(source, { batchSize: 16, concurrency: 4 })) {
    expect(pixels[0]).toBe(7);
    batches += 1;
    if (batches % 10 === 0) most = Math.max(most, (await held()) - before);
    if (batches === 40) break;
  }
  return most;
}

describe('a source of many files', () => {
  it('holds a few batches and its cache beside its list, whatever their number', async () => {
    await bytesOf(1000);
    const [few, many] = [await bytesOf(1000), await bytesOf(100_000)];
    // The films of the list would be 6.5 GB.
    expect(many - few).toBeLessThan(100_000 * 160);
    expect(few).toBeLessThan(16 * 2 ** 20);
  });
});
