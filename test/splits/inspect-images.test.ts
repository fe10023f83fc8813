import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { arraySource, type ImageBatch, inspectImages, RandomStream } from '../../src/data/index.js';
import { appearanceHash } from '../../src/splits/appearance-hash.js';

const bytes = (length: number, seed: number) => {
  const random = new RandomStream(seed);
  return Uint8Array.from({ length }, () => random.integer(256));
};

/** A source of single images of any shape. */
function sourceOf(batches: Record<string, ImageBatch>) {
  const all = Object.values(batches);
  return {
    ids: Object.keys(batches),
    length: all.length,
    read: async (indices: ArrayLike<number>) => all[indices[0]],
  };
}

describe('inspectImages', () => {
  it('hashes size and unit-range pixels, as Node hashes them', async () => {
    const pixels = bytes(6, 1);
    const inspected = await inspectImages(sourceOf({ a: { pixels, shape: [2, 3, 1] } }));
    const expected = createHash('sha256')
      .update(Buffer.from(Int32Array.of(2, 3, 1).buffer))
      .update(Buffer.from(Float32Array.from(pixels, (v) => v / 255).buffer))
      .digest('hex');
    const { content, height, width, brightness } = inspected.get('a') ?? {};
    expect(content).toBe(expected);
    expect([height, width]).toEqual([2, 3]);
    expect(brightness).toBeCloseTo(pixels.reduce((sum, v) => sum + v / 255, 0) / 6, 6);
  });

  it('measures sharpness by the Laplacian off the border', async () => {
    const dot = (width: number) => ({
      pixels: Float32Array.from({ length: 3 * width }, (_, i) => Number(i === width + 1)),
      shape: [3, width, 1] as const,
    });
    const inspected = await inspectImages(sourceOf({ a: dot(3), b: dot(4), thin: dot(2) }));
    // One pixel off the border: 0 + 0 + 0 + 0 - 4 * 1. The next to it: 1 - 0.
    expect(inspected.get('a')?.sharpness).toBe(4);
    expect(inspected.get('b')?.sharpness).toBeCloseTo(Math.sqrt((16 + 1) / 2), 12);
    expect(inspected.get('thin')).not.toHaveProperty('sharpness');
  });

  it('measures the texture of a film that has at most 128 pixels a side', async () => {
    // As loops in Python make of the formula of `localContrast`.
    const pixels = Float32Array.from({ length: 30 }, (_, i) => ((7 * i * i + 3 * i) % 23) / 23);
    const random = new RandomStream(5);
    const coarse = Float32Array.from({ length: 128 * 128 }, () => random.uniform());
    const fine = Float32Array.from(
      { length: 256 * 256 },
      (_, i) => coarse[128 * (i >> 9) + ((i & 255) >> 1)],
    );
    const inspected = await inspectImages(
      sourceOf({
        small: { pixels, shape: [5, 6, 1] },
        coarse: { pixels: coarse, shape: [128, 128, 1] },
        fine: { pixels: fine, shape: [256, 256, 1] },
        thin: { pixels, shape: [2, 15, 1] },
        long: { pixels: coarse, shape: [16384, 1, 1] },
      }),
    );
    const { small, coarse: own, fine: reduced } = Object.fromEntries(inspected);
    expect(small?.localContrast).toBeCloseTo(0.34486261608850793, 6);
    expect(small?.fineTexture).toBeCloseTo(1.7101213852828632, 6);
    expect(reduced?.localContrast).toBeCloseTo(own?.localContrast ?? -1, 5);
    expect(reduced?.fineTexture).toBeCloseTo(own?.fineTexture ?? -1, 5);
    expect(inspected.get('thin')).not.toHaveProperty('fineTexture');
    expect(inspected.get('long')).not.toHaveProperty('localContrast');
  });

  it('finds the same image in another container, and no other image', async () => {
    const pixels = bytes(12, 2);
    const other = pixels.map((value, i) => (i === 7 ? value ^ 1 : value));
    const shape = [3, 4, 1] as const;
    const inspected = await inspectImages(
      sourceOf({
        plain: { pixels, shape },
        wide: { pixels: Uint16Array.from(pixels, (value) => value * 257), shape },
        float: { pixels: Float32Array.from(pixels, (value) => value / 255), shape },
        rgb: {
          pixels: Uint8Array.from({ length: 36 }, (_, i) => pixels[(i / 3) | 0]),
          shape: [3, 4, 3],
        },
        oneBitOff: { pixels: other, shape },
        turned: { pixels, shape: [4, 3, 1] },
        coloured: {
          pixels: Uint8Array.from({ length: 36 }, (_, i) => pixels[(i / 3) | 0] >> (i % 3)),
          shape: [3, 4, 3],
        },
      }),
    );
    const contents = ['plain', 'wide', 'float', 'rgb'].map((id) => inspected.get(id)?.content);
    expect(new Set(contents).size).toBe(1);
    expect(new Set([...inspected.values()].map((one) => one?.content)).size).toBe(4);
  });

  it('goes through the images in order, reports progress, and stops when aborted', async () => {
    const source = arraySource({ pixels: bytes(40, 3), shape: [2, 2, 1] });
    const seen: number[] = [];
    const left: number[] = [];
    const inspected = await inspectImages(source, {
      onProgress: ({ done, total, secondsLeft }) => {
        seen.push(done / total);
        left.push(secondsLeft);
      },
    });
    expect([...inspected.keys()]).toEqual(source.ids);
    expect(seen).toEqual(Array.from({ length: 10 }, (_, i) => (i + 1) / 10));
    expect(left.slice(0, 9).every((seconds) => seconds > 0)).toBe(true);
    expect(left[9]).toBe(0);
    const control = new AbortController();
    let read = 0;
    const slow = {
      ...source,
      read: (indices: ArrayLike<number>) => {
        read += 1;
        return source.read(indices);
      },
    };
    const stopped = inspectImages(slow, {
      signal: control.signal,
      onProgress: ({ done }) => done === 2 && control.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(read).toBeLessThan(10);
  });

  it('says which images could not be read, and refuses ids that are not distinct', async () => {
    const source = sourceOf({
      a: { pixels: bytes(1, 1), shape: [1, 1, 1] },
      b: { pixels: new Uint8Array(0), shape: [1, 1, 1], positions: [] },
    });
    const inspected = await inspectImages(source);
    expect(inspected.has('b')).toBe(true);
    expect(inspected.get('b')).toBeUndefined();
    await expect(inspectImages({ ...source, ids: ['a', 'a'] })).rejects.toMatchObject({
      code: 'INVALID_IMAGES',
    });
  });
});

describe('appearanceHash', () => {
  it('is the signs of the low frequencies, by the definition', () => {
    const random = new RandomStream(4);
    const values = Float32Array.from({ length: 64 * 64 }, () => random.uniform());
    const hash = appearanceHash(values, 64, 64);
    for (let v = 0; v < 16; v++)
      for (let u = 0; u < 16; u++) {
        let sum = 0;
        for (let y = 0; y < 64; y++)
          for (let x = 0; x < 64; x++)
            sum +=
              Math.cos((Math.PI * v * (2 * y + 1)) / 128) *
              Math.cos((Math.PI * u * (2 * x + 1)) / 128) *
              values[y * 64 + x];
        const band = (u + v) % 16;
        const bit = (Number.parseInt(hash.slice(4 * band, 4 * band + 4), 16) >> v) & 1;
        expect(bit).toBe(u + v > 0 && sum > 0 ? 1 : 0);
      }
  });

  it('of any blank image is 0', () => {
    for (const value of [0, 0.3, 1])
      expect(appearanceHash(new Float32Array(30 * 50).fill(value), 30, 50)).toBe('0'.repeat(64));
  });
});
