import { describe, expect, it } from 'vitest';
import { arraySource } from '../../src/data/array-source.js';
import { concatSources, subset } from '../../src/data/combine.js';
import { imageJobRunner } from '../../src/data/image-job.js';
import { noAugmentation } from '../../src/images/augmentation.js';
import { none } from '../../src/images/image-normalization.js';
import type { ImageSource } from '../../src/images/image-source.js';
import type { ImageBatch } from '../../src/images/pixels.js';
import { imagePreparation } from '../../src/images/preparation.js';
import { readImages, received, requestFor } from '../../src/images/read-images.js';

const torn = { code: 'IMAGE_INVALID', message: 'torn' };
const gone = { code: 'IMAGE_UNREADABLE', message: 'gone' };
const bytes = (values: number[]): ImageBatch => ({
  pixels: Uint8Array.from(values),
  shape: [1, 1, 1],
});
const lost = (index: number, reason: typeof torn, id = `image-${index}`) => ({
  index,
  id,
  ...reason,
});
/** Images 0 and 2 are 1 and 3; 1 is torn, 3 gone. */
const some = arraySource({
  ...bytes([1, 3]),
  positions: [0, 2],
  problems: [lost(1, torn), lost(3, gone)],
});

describe('sources', () => {
  it('of an array keep images unreadable wherever they are read', async () => {
    expect(some.length).toBe(4);
    expect(await some.read([3, 0, 1, 3])).toEqual({
      ...bytes([1]),
      positions: [1],
      problems: [lost(3, gone), lost(1, torn), lost(3, gone)],
    });
    expect(await some.read([2, 0])).toEqual(bytes([3, 1]));
  });

  it('behind one another keep them apart, and need no shape of what is not there', async () => {
    const nothing = arraySource({
      pixels: new Uint16Array(0),
      shape: [1, 3, 1],
      positions: [],
      problems: [lost(0, gone, 'x'), lost(1, torn, 'y')],
      ids: ['x', 'y'],
    });
    const both = concatSources(nothing, some);
    expect(await both.read([4, 1, 3, 0, 2])).toEqual({
      ...bytes([3, 1]),
      positions: [0, 4],
      problems: [lost(1, torn, 'y'), lost(3, torn, 'image-1'), lost(0, gone, 'x')],
    });
    const { pixels, positions, problems } = await both.read([1]);
    expect([pixels.length, positions, problems]).toEqual([0, [], [lost(1, torn, 'y')]]);
  });

  it('that are a subset name them by their own index, as often as they are asked for', async () => {
    const chosen = subset(some, [3, 2, 1, 3]);
    expect(await chosen.read([2, 1, 3, 0])).toEqual({
      ...bytes([3]),
      positions: [1],
      problems: [lost(2, torn, 'image-1'), lost(3, gone, 'image-3'), lost(0, gone, 'image-3')],
    });
  });
});

describe('a prepared batch', () => {
  const preparation = imagePreparation({
    inputShape: [1, 2, 1],
    imageNormalization: none(),
    augmentation: { ...noAugmentation, brightness: 0.5, noise: 0.1 },
  });
  const variation = { seed: 3, epoch: 2 };
  const shape = [1, 2, 1] as const;
  const source = { ids: Array.from({ length: 10 }, (_, i) => `film ${i}`) };
  const request = requestFor('caller', source, [7, 8, 9]);

  it('holds the others alone, each varied as it would be among all', async () => {
    const pixels = Float32Array.of(0.1, 0.2, 0.9, 0.9, 0.5, 0.6);
    const whole = preparation.apply(received(request, { pixels, shape }), { variation });
    const kept = (values: Float32Array = new Float32Array()) =>
      Float32Array.of(values[0], values[1], values[4], values[5]);
    const batch = { pixels: kept(pixels), shape, positions: [0, 2], problems: [lost(8, torn)] };
    const prepared = preparation.apply(received(request, batch), { variation });
    expect(prepared).toEqual({
      images: kept(whole.images),
      views: kept(whole.views),
      highest: Float32Array.of(whole.highest[0], whole.highest[2]),
      indices: Int32Array.of(7, 9),
      problems: [lost(8, torn, 'film 8')],
    });
    expect(prepared.views).not.toEqual(prepared.images);
    const job = { request, images: batch, preparation: preparation.toJSON(), variation };
    expect(await imageJobRunner()(job)).toEqual(prepared);
  });

  it('of nothing needs no shape', () => {
    const nothing = { pixels: new Uint8Array(0), shape: [1, 1, 3] as const, positions: [] };
    const prepared = preparation.apply(received(request, nothing));
    expect(prepared.images.length).toBe(0);
    expect(prepared.problems.map(({ index }) => index)).toEqual([7, 8, 9]);
    // Where a source gives no reason, one is made up that says so.
    expect(prepared.problems[0]).toMatchObject({ id: 'film 7', code: 'IMAGE_UNREADABLE' });
  });
});

describe('the door', () => {
  const source = (batch: ImageBatch): Pick<ImageSource, 'ids' | 'read'> => ({
    ids: ['a', 'b'],
    read: async () => batch,
  });
  it.each([
    ['positions beyond the request', { ...bytes([1]), positions: [2] }, 'INDEX_OUT_OF_RANGE'],
    ['positions that go back', { ...bytes([1, 2]), positions: [1, 0] }, 'SHAPE_MISMATCH'],
    ['fewer images', bytes([1]), 'SHAPE_MISMATCH'],
    ['more images', bytes([1, 2, 3]), 'SHAPE_MISMATCH'],
    ['other positions than images', { ...bytes([1, 2]), positions: [1] }, 'SHAPE_MISMATCH'],
    ['half an image', { pixels: new Uint8Array(3), shape: [1, 2, 1] }, 'SHAPE_MISMATCH'],
    ['masks for channels', { ...bytes([1, 2]), masks: new Uint8Array(6) }, 'SHAPE_MISMATCH'],
    ['masks in [0, 1]', { ...bytes([1, 2]), masks: new Float32Array(2) }, 'INVALID_IMAGES'],
    ['pixels of 64 bits', { pixels: new Float64Array(2), shape: [1, 1, 1] }, 'INVALID_IMAGES'],
    ['positions that are none', { ...bytes([1]), positions: 1 }, 'INVALID_IMAGES'],
    ['problems of all', { ...bytes([1, 2]), problems: [lost(1, torn)] }, 'INVALID_IMAGES'],
    ['a problem of text', { ...bytes([1]), positions: [0], problems: ['text'] }, 'INVALID_IMAGES'],
    [
      'a problem of an image that nobody asked for',
      { ...bytes([1]), positions: [0], problems: [lost(999, torn)] },
      'INVALID_IMAGES',
    ],
    [
      'two problems of one image',
      { ...bytes([1]), positions: [0], problems: [lost(1, torn), lost(1, gone)] },
      'INVALID_IMAGES',
    ],
    ['no images', undefined, 'INVALID_IMAGES'],
  ] as const)('refuses %s, in the name of the call', async (_, batch, code) => {
    const read = readImages('model.fit', source(batch as ImageBatch), [0, 1]);
    await expect(read).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/^model\.fit: /),
    });
  });

  it.each([
    ['an image too few', bytes([1]), 'SHAPE_MISMATCH'],
    ['positions that go back', { ...bytes([1, 2]), positions: [1, 0] }, 'SHAPE_MISMATCH'],
    ['nothing', undefined, 'INVALID_IMAGES'],
  ] as const)('is that of subset and concatSources too: %s', async (_, batch, code) => {
    const faulty = { length: 2, ...source(batch as ImageBatch) };
    const whole = arraySource(bytes([7]));
    await expect(concatSources(faulty, whole).read([0, 1, 2])).rejects.toMatchObject({ code });
    await expect(concatSources(whole, faulty).read([0, 1, 2])).rejects.toMatchObject({ code });
    await expect(subset(faulty, [1, 0]).read([0, 1])).rejects.toMatchObject({ code });
    const pool = imageJobRunner();
    const request = requestFor('model.fit', faulty, [0, 1]);
    const preparation = imagePreparation({ inputShape: [1, 1, 1], imageNormalization: none() });
    const job = { request, images: batch as ImageBatch, preparation: preparation.toJSON() };
    if (batch) await expect(pool(job)).rejects.toMatchObject({ code });
  });

  it('finds the problem of an image by its index, in whatever order they come', async () => {
    const batch = { ...bytes([1]), positions: [1], problems: [lost(5, torn), lost(4, gone)] };
    const six: ImageSource = {
      length: 6,
      ids: [...'abcdef'],
      read: async () => batch,
    };
    const { problems } = await readImages('model.fit', six, [4, 3, 5]);
    expect(problems).toEqual([lost(4, gone, 'e'), lost(5, torn, 'f')]);
    const own = await subset(six, [5, 3, 4]).read([2, 1, 0]);
    expect(own.problems).toEqual([lost(2, gone, 'e'), lost(0, torn, 'f')]);
    const behind = await concatSources(arraySource(bytes([9])), six).read([5, 4, 6]);
    expect(behind.problems).toEqual([lost(5, gone, 'e'), lost(6, torn, 'f')]);
  });

  it('takes positions of any array, and says what is asked of them', async () => {
    const positions = Int32Array.of(1) as unknown as number[];
    const read = await readImages('model.fit', source({ ...bytes([3]), positions }), [0, 1]);
    expect(read).toMatchObject({ ids: ['b'], positions: [1], problems: [{ index: 0, id: 'a' }] });
    const beyond = readImages('f', source({ ...bytes([3]), positions: [6] }), [0, 1]);
    await expect(beyond).rejects.toThrow(/positions\[0\] .* is 6 but 2 images were asked for/);
    const none = readImages('f', source(bytes([3, 4])), [0]);
    await expect(none).rejects.toThrow(/gave 2 images where 1 was asked for/);
  });

  it('is that of an array and of a batch that is prepared at once', () => {
    const masks = Float32Array.of(0, 1) as unknown as Uint8Array;
    expect(() => arraySource({ ...bytes([1, 2]), masks })).toThrow(/masks .*INVALID_IMAGES/);
    expect(() => arraySource({ ...bytes([1, 2]), masks: new Uint8Array(1) })).toThrow(
      /1 mask values for 2 images.*SHAPE_MISMATCH/,
    );
    const preparation = imagePreparation({ inputShape: [1, 1, 1], imageNormalization: none() });
    expect(() => preparation.apply({ ...bytes([1, 2]), masks })).toThrow(/INVALID_IMAGES/);
    expect(() => preparation.apply({ ...bytes([1, 2]), positions: [0] })).toThrow(/SHAPE_MISMATCH/);
  });

  it('tells a source for whom it reads', async () => {
    const callers: unknown[] = [];
    const read = async (_: ArrayLike<number>, where?: string) => {
      callers.push(where);
      return bytes([1]);
    };
    const inner: ImageSource = { length: 2, ids: ['a', 'b'], read };
    await readImages('model.fit', concatSources(subset(inner, [1])), [0]);
    await subset(inner, [1]).read([0]);
    expect(callers).toEqual(['model.fit', 'subset.read']);
  });
});
