import { expect, it } from 'vitest';
import { arraySource } from '../../src/data/array-source.js';
import { concatSources } from '../../src/data/combine.js';
import { imageJobRunner, prepareBatch, readImages } from '../../src/data/image-job.js';
import { noAugmentation } from '../../src/images/augmentation.js';
import { none } from '../../src/images/image-normalization.js';
import type { ImageBatch } from '../../src/images/pixels.js';

const torn = { code: 'IMAGE_INVALID', message: 'torn' };
const gone = { code: 'IMAGE_UNREADABLE', message: 'gone' };
const bytes = (values: number[]): ImageBatch => ({
  pixels: Uint8Array.from(values),
  shape: [1, 1, 1],
});

it('images of an array stay unreadable wherever they are read', async () => {
  const source = arraySource({ ...bytes([1, 0, 3, 0]), unreadable: [1, 3], reasons: [torn, gone] });
  expect(await source.read([3, 0, 1, 3])).toEqual({
    ...bytes([0, 1, 0, 0]),
    unreadable: [0, 2, 3],
    reasons: [gone, torn, gone],
  });
  expect(await source.read([2, 0])).toEqual(bytes([3, 1]));
});

it('without a reason one is made up that says so', async () => {
  const source = arraySource({ ...bytes([1, 0]), unreadable: [1] });
  const { reasons } = await source.read([1]);
  expect(reasons).toMatchObject([{ code: 'IMAGE_UNREADABLE' }]);
});

it('sources behind one another keep them apart, and need no shape of what is not there', async () => {
  const some = arraySource({ ...bytes([1, 0, 3]), unreadable: [1], reasons: [torn] });
  const nothing = arraySource({
    pixels: new Uint16Array(6),
    shape: [1, 3, 1],
    unreadable: [0, 1],
    reasons: [gone, torn],
  });
  const both = concatSources(nothing, some);
  expect(await both.read([4, 1, 3, 0, 2])).toEqual({
    ...bytes([3, 0, 0, 0, 1]),
    unreadable: [1, 2, 3],
    reasons: [torn, torn, gone],
  });
  expect(await both.read([1])).toMatchObject({ unreadable: [0], reasons: [torn] });
});

it('a prepared batch holds the others alone, each varied as it would be among all', async () => {
  const preparation = { inputShape: [1, 2, 1], normalization: none() } as const;
  const limits = { ...noAugmentation, brightness: 0.5, noise: 0.1 };
  const variation = { limits, seed: 3, epoch: 2, rows: [7, 8, 9] };
  const pixels = Float32Array.of(0.1, 0.2, 0.9, 0.9, 0.5, 0.6);
  const whole = prepareBatch({ pixels, shape: [1, 2, 1] }, preparation, variation);
  const batch = { pixels, shape: [1, 2, 1] as const, unreadable: [1], reasons: [torn] };
  const prepared = prepareBatch(batch, preparation, variation);
  const kept = (values: Float32Array = new Float32Array()) =>
    Float32Array.of(values[0], values[1], values[4], values[5]);
  expect(prepared).toEqual({
    images: kept(whole.images),
    views: kept(whole.views),
    unreadable: [1],
    reasons: [torn],
  });
  expect(prepared.views).not.toEqual(prepared.images);
  // Of what could not be read not even the shape need be right.
  const lost = { pixels: new Uint8Array(3), shape: [1, 1, 3] as const, unreadable: [0] };
  expect(prepareBatch(lost, preparation)).toEqual({
    images: new Float32Array(0),
    unreadable: [0],
    reasons: undefined,
  });
  const job = {
    images: batch,
    preparation: { ...preparation, normalization: { name: 'none', options: {} } },
    variation,
  };
  expect(await imageJobRunner()(job)).toEqual(prepared);
});

it('positions beyond a batch are refused', async () => {
  const read = async () => ({ ...bytes([1]), unreadable: [1] });
  await expect(readImages({ read }, [0])).rejects.toMatchObject({ code: 'INDEX_OUT_OF_RANGE' });
});
