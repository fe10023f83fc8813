import { describe, expect, it } from 'vitest';
import { type ImageSourceOptions, imageSource } from '../../src/data/decoded-source.js';
import type { DecodedImage, Decoder } from '../../src/decoding/decoder.js';
import { toUnitRange } from '../../src/images/pixels.js';
import type { ImageProblem } from '../../src/images/problems.js';
import { resize } from '../../src/images/resize.js';
import type { ImageRecord } from '../../src/records/image-record.js';
import { SaladError } from '../../src/support/errors.js';

const images: Readonly<Record<string, DecodedImage>> = {
  a: { pixels: Uint8Array.of(0, 255, 51, 102), shape: [2, 2, 1] },
  b: { pixels: Uint8Array.of(1, 2, 3, 4), shape: [2, 2, 1] },
  twelve: { pixels: Uint16Array.of(0, 4095, 1, 2), shape: [2, 2, 1], bitsStored: 12 },
  sixteen: { pixels: Uint16Array.of(0, 65535, 1, 2), shape: [2, 2, 1] },
  unit: { pixels: Float32Array.of(0, 1, 0.25, 0.5), shape: [2, 2, 1] },
  clamped: { pixels: Uint8ClampedArray.of(9, 8, 7, 6), shape: [2, 2, 1] },
  colour: {
    pixels: Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 80, 80, 80),
    shape: [2, 2, 3],
  },
  wide: { pixels: Uint8Array.of(10, 20, 30, 40, 50, 60, 70, 80), shape: [2, 4, 1] },
  alpha: { pixels: Uint8Array.of(1, 2), shape: [1, 1, 2] },
};

/** A file is the name of an image. */
const named: Decoder = {
  name: 'named',
  accepts: () => true,
  async decode(bytes) {
    const image = images[new TextDecoder().decode(bytes)];
    if (!image) throw new SaladError('IMAGE_INVALID', 'named: there is none; expected one.');
    return image;
  },
};

const records = (...names: string[]): ImageRecord[] => names.map((path) => ({ path }));
const source = (names: string[], options: Partial<ImageSourceOptions> = {}) =>
  imageSource(records(...names), {
    open: async ({ path }) => new TextEncoder().encode(path),
    decoders: [named],
    ...options,
  });

describe('imageSource', () => {
  it('names the call and the image that need a missing package', async () => {
    const decode = async () => {
      throw new SaladError('MISSING_PEER', 'named: the package is missing; install it.');
    };
    const films = source(['a'], { decoders: [{ ...named, decode }], onUnreadable: 'skip' });
    await expect(films.read([0], 'SaladModel.fit')).rejects.toThrow(
      "SaladModel.fit: 'a': the package is missing; install it. [MISSING_PEER]",
    );
  });

  it('tells what the records say', () => {
    const films = imageSource(
      [
        { path: 'x/a.png', label: 0, patient: 'k1' },
        { path: 'x/b.png', id: 'second', label: 1, patient: 'k2' },
      ],
      { open: async () => new Uint8Array(0), decoders: [named] },
    );
    expect(films).toMatchObject({ length: 2, ids: ['x/a.png', 'second'], patients: ['k1', 'k2'] });
    expect(films.labels).toEqual(Uint8Array.of(0, 1));
  });

  it('gives pixels as decoded where a batch agrees in their kind', async () => {
    const films = source(['a', 'b', 'twelve', 'sixteen', 'clamped']);
    expect(await films.read([1, 0])).toEqual({
      pixels: Uint8Array.of(1, 2, 3, 4, 0, 255, 51, 102),
      shape: [2, 2, 1],
    });
    expect(await films.read([2])).toEqual(images.twelve);
    expect(await films.read([3])).toEqual(images.sixteen);
    expect((await films.read([4, 1])).pixels).toEqual(Uint8Array.of(9, 8, 7, 6, 1, 2, 3, 4));
  });

  it('gives an image the same values in any company', async () => {
    const names = ['a', 'twelve', 'sixteen', 'unit', 'colour'];
    const films = source(names);
    for (let i = 0; i < names.length; i++) {
      const alone = toUnitRange(await films.read([i]));
      for (let j = 0; j < names.length; j++) {
        const together = toUnitRange(await films.read([j, i]));
        expect(together.subarray(4)).toEqual(alone);
      }
    }
  });

  it('makes grey of colour and colour of grey', async () => {
    const grey = await source(['colour']).read([0]);
    // .299, .587 and .114 of 255.
    expect(grey).toEqual({ pixels: Uint8Array.of(76, 150, 29, 80), shape: [2, 2, 1] });
    const colour = await source(['b', 'colour'], { channels: 3 }).read([0, 1]);
    expect(colour.shape).toEqual([2, 2, 3]);
    expect([...colour.pixels.subarray(0, 6)]).toEqual([1, 1, 1, 2, 2, 2]);
    expect([...colour.pixels.subarray(12)]).toEqual([...images.colour.pixels]);
    await expect(source(['alpha']).read([0])).rejects.toThrow('expected 1 or 3 channels');
  });

  it('brings images to one size where told, and leaves those of that size alone', async () => {
    const films = source(['wide', 'a'], { size: [2, 2] });
    const { pixels, shape } = await films.read([0, 1]);
    expect(shape).toEqual([2, 2, 1]);
    const wide = resize(toUnitRange(images.wide), [1, 2, 4, 1], [2, 2], {
      method: 'area',
      fit: 'pad',
    });
    expect(pixels.subarray(0, 4)).toEqual(wide);
    expect(pixels.subarray(4)).toEqual(toUnitRange(images.a));
    expect((await films.read([1])).pixels).toEqual(images.a.pixels);
    const stretched = source(['wide'], {
      size: [2, 2],
      resize: { method: 'area', fit: 'stretch' },
    });
    expect([...(await stretched.read([0])).pixels].map((value) => Math.round(value * 255))).toEqual(
      [15, 35, 55, 75],
    );
  });

  it('names two images that differ in size where no size is told', async () => {
    await expect(source(['a', 'b', 'wide']).read([0, 1, 2])).rejects.toThrow(
      "imageSource.read: 'a' has shape [2, 2, 1] but 'wide' [2, 4, 1]; expected images of one size; give size: [height, width]",
    );
  });

  it('hands images to transform as decoded, with their record', async () => {
    const seen: string[] = [];
    const films = source(['colour', 'wide'], {
      size: [1, 1],
      transform: async (image, { path }) => {
        seen.push(`${path} ${image.shape}`);
        return { pixels: Float32Array.of(0.5), shape: [1, 1, 1] };
      },
    });
    expect((await films.read([1, 0])).pixels).toEqual(Float32Array.of(0.5, 0.5));
    expect(seen.sort()).toEqual(['colour 2,2,3', 'wide 2,4,1']);
  });

  it('tells the format once, and hands it to who is asked and who decodes', async () => {
    const heard: unknown[] = [];
    const asked = (takes: boolean): Decoder => ({
      name: 'asked',
      accepts: (_, format) => {
        heard.push(format);
        return takes;
      },
      decode: async (_, { format }) => {
        heard.push(format);
        return images.a;
      },
    });
    const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
    const options = { open: async () => png, decoders: [asked(false), asked(true)] };
    await source(['a'], options).read([0]);
    expect(heard).toEqual(['image/png', 'image/png', 'image/png']);
  });

  it('refuses an image that cannot be decoded by its name, the first in the batch', async () => {
    const films = source(['bad', 'a', 'worse']);
    await expect(films.read([1, 2, 0])).rejects.toMatchObject({
      code: 'IMAGE_INVALID',
      message: "imageSource.read: 'worse': named: there is none; expected one. [IMAGE_INVALID]",
      details: { id: 'worse' },
    });
  });

  it('skips such an image where told to, with a reason and a call', async () => {
    const problems: ImageProblem[] = [];
    const films = source(['a', 'bad', 'b'], {
      onUnreadable: 'skip',
      onProblem: (problem) => problems.push(problem),
    });
    const reason = { code: 'IMAGE_INVALID', message: 'named: there is none; expected one.' };
    const problem = { index: 1, id: 'bad', ...reason };
    expect(await films.read([2, 1, 0])).toEqual({
      pixels: Uint8Array.of(1, 2, 3, 4, 0, 255, 51, 102),
      shape: [2, 2, 1],
      positions: [0, 2],
      problems: [problem],
    });
    expect(problems).toEqual([problem]);
    expect(await films.read([1])).toMatchObject({ positions: [], shape: [1, 1, 1] });
    const sized = source(['bad'], { onUnreadable: 'skip', size: [3, 2], channels: 3 });
    expect(await sized.read([0])).toMatchObject({ pixels: new Uint8Array(0), shape: [3, 2, 3] });
  });

  it('stops at what is no fault of an image, whatever it is told', async () => {
    const films = source(['a'], {
      onUnreadable: 'skip',
      open: () =>
        Promise.reject(Object.assign(new Error('too many open files'), { code: 'EMFILE' })),
    });
    await expect(films.read([0])).rejects.toThrow('too many open files');
  });

  it('opens no more files at a time than it is told, over all reads', async () => {
    let going = 0;
    let most = 0;
    const films = source(
      Array.from({ length: 12 }, () => 'a'),
      {
        concurrency: 3,
        open: async ({ path }) => {
          most = Math.max(most, ++going);
          await new Promise((done) => setImmediate(done));
          going--;
          return new TextEncoder().encode(path);
        },
      },
    );
    await Promise.all([films.read([0, 1, 2, 3]), films.read([4, 5]), films.read([6, 7, 8, 9, 10])]);
    expect(most).toBe(3);
    expect(going).toBe(0);
  });

  it('gives an empty batch for no indices', async () => {
    expect((await source(['a'], { size: [2, 2] }).read([])).pixels).toHaveLength(0);
  });

  it('refuses what it cannot be', async () => {
    const code = (names: string[], options: object) => {
      try {
        return source(names, options).length;
      } catch (error) {
        return (error as SaladError).code;
      }
    };
    expect(code([], {})).toBe('EMPTY_SET');
    expect(code(['a'], { sizes: [1, 1] })).toBe('UNKNOWN_OPTION');
    for (const options of [
      { size: [0, 2] },
      { size: [2] },
      { size: 32 },
      { channels: 2 },
      { decoders: [] },
      { open: undefined },
      { maxPixels: 0 },
      { concurrency: 0 },
      { cacheBytes: -1 },
      { onUnreadable: 'ignore' },
      { resize: { method: 'area', fit: 'cover' } },
    ])
      expect(code(['a'], options)).toBe('INVALID_OPTION');
    const half = [{ path: 'a', label: 0 as const }, { path: 'b' }];
    const rest = { open: async () => new Uint8Array(0), decoders: [named] };
    expect(() => imageSource(half, rest)).toThrow('record 1 has no label but others have');
    const odd = [{ path: 'a', label: 2 as 1 }];
    expect(() => imageSource(odd, rest)).toThrow('the label of record 0 is 2');
    await expect(source(['a']).read([1])).rejects.toThrow('[INDEX_OUT_OF_RANGE]');
  });
});
