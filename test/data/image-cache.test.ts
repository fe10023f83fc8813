import { beforeAll, describe, expect, it } from 'vitest';
import { concatSources, imageSource, subset } from '../../src/data/index.js';
import { normalsOf } from '../../src/data/normals.js';
import type { Decoder } from '../../src/decoding/decoder.js';
import type { ImageSource } from '../../src/images/image-source.js';
import { SaladError } from '../../src/support/errors.js';
import { heldModels, trainOn } from '../model/held-models.js';
import { pixelsOf, SIDE, tinyModel } from '../model/tiny.js';

/** A source of `count` drawn images of `SIDE` x `SIDE` floats, and how often each was decoded. */
function counted(
  count: number,
  options: { cacheBytes?: number; failing?: () => boolean } = {},
): { source: ImageSource; decoded: number[] } {
  const { failing = () => false, ...rest } = options;
  const labels = Array.from({ length: count }, (_, i) => (i % 4 === 3 ? 1 : 0) as 0 | 1);
  const pixels = pixelsOf(labels);
  const decoded = new Array<number>(count).fill(0);
  const size = SIDE * SIDE;
  const decoder: Decoder = {
    name: 'counted',
    accepts: () => true,
    async decode([index]) {
      decoded[index] += 1;
      await new Promise((done) => setImmediate(done));
      if (failing()) throw new SaladError('IMAGE_INVALID', 'torn');
      // A view of memory that holds all images.
      const own = pixels.subarray(index * size, (index + 1) * size);
      return { pixels: own, shape: [SIDE, SIDE, 1] };
    },
  };
  const source = imageSource(
    labels.map((label, i) => ({ path: `${i}`, label })),
    { open: async ({ path }) => Uint8Array.of(Number(path)), decoders: [decoder], ...rest },
  );
  return { source, decoded };
}

const BYTES = 4 * SIDE * SIDE;
const all = (source: ImageSource) => Array.from({ length: source.length }, (_, i) => i);

const hold = heldModels();
beforeAll(() => trainOn('wasm'));

describe('decoded images', () => {
  it('are decoded once over a whole fit, with validation, epochs and every bank', async () => {
    const train = counted(16);
    const validation = counted(8);
    const model = hold(tinyModel());
    await model.fit(normalsOf(train.source), { validation: validation.source });
    await model.calibrate(normalsOf(validation.source));
    await model.score(concatSources(subset(train.source, [0, 1]), validation.source));
    expect(train.decoded).toEqual(train.source.ids.map((_, i) => (i % 4 === 3 ? 0 : 1)));
    expect(validation.decoded).toEqual(validation.source.ids.map(() => 1));
  });

  it('give what they give without being kept', async () => {
    const kept = counted(16).source;
    const fresh = counted(16, { cacheBytes: 0 }).source;
    const models = [kept, fresh].map(() => hold(tinyModel()));
    await models[0].fit(kept);
    await models[1].fit(fresh);
    const [one, other] = await Promise.all(models.map((model) => model.score(fresh)));
    expect(one).toEqual(other);
  });

  it('stay up to cacheBytes, first come first kept, each in memory of its own', async () => {
    const { source, decoded } = counted(6, { cacheBytes: 2.5 * BYTES });
    for (const index of [4, 1, 2, 0, 3, 5]) await source.read([index]);
    for (const index of all(source)) await source.read([index]);
    expect(decoded).toEqual([2, 1, 2, 2, 1, 2]);
    const off = counted(2, { cacheBytes: 0 });
    await off.source.read([0, 0]);
    expect(off.decoded).toEqual([2, 0]);
  });

  it('are decoded once where reads overlap', async () => {
    const { source, decoded } = counted(4);
    await Promise.all([source.read([0, 1, 1]), source.read([1, 2]), source.read(all(source))]);
    expect(decoded).toEqual([1, 1, 1, 1]);
  });

  it('cannot be written to by who reads them', async () => {
    const { source } = counted(2);
    const first = await source.read([0]);
    first.pixels.fill(0);
    expect((await source.read([0])).pixels.some((value) => value > 0)).toBe(true);
  });

  it('that failed are tried again', async () => {
    let failing = true;
    const { source, decoded } = counted(2, { failing: () => failing });
    await expect(source.read([0])).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
    await expect(source.read([0, 0])).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
    failing = false;
    await source.read([0]);
    await source.read([0]);
    expect(decoded).toEqual([3, 0]);
  });
});
