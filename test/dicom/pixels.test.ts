import { describe, expect, it } from 'vitest';
import { type DicomImage, dicom, readDicom, renderDicom } from '../../src/dicom/index.js';
import { expected, fixture, largestDifference, names, placeOf, readKept } from './fixtures.js';

const read = names.filter((name) => expected(name, 'stored'));
const frames = read.filter((name) => name.startsWith('frames'));
const colour = read.filter((name) => name.startsWith('rgb') || name.startsWith('ybr'));

/** Every way to write pixels, and what it is in the file. */
const SYNTAXES: Record<string, string> = {
  'implicit-little': '1.2.840.10008.1.2',
  'explicit-little': '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  'explicit-big': '1.2.840.10008.1.2.2',
  'jpeg-baseline': '1.2.840.10008.1.2.4.50',
  'jpeg-extended-8': '1.2.840.10008.1.2.4.51',
  'jpeg-lossless-6': '1.2.840.10008.1.2.4.57',
  'jpeg-lossless-first': '1.2.840.10008.1.2.4.70',
  'jpeg-ls': '1.2.840.10008.1.2.4.80',
  'jpeg-ls-near': '1.2.840.10008.1.2.4.81',
  'jpeg-2000-lossless': '1.2.840.10008.1.2.4.90',
  'jpeg-2000': '1.2.840.10008.1.2.4.91',
  htj2k: '1.2.840.10008.1.2.4.201',
  rle: '1.2.840.10008.1.2.5',
};

describe('readDicom against pydicom with pylibjpeg and gdcm, lossy or not', () => {
  it('has a file of every coding', async () => {
    for (const [name, uid] of Object.entries(SYNTAXES)) {
      expect(read).toContain(name);
      expect((await readKept(fixture(name))).transferSyntax.uid).toBe(uid);
    }
  });

  it.each(read.filter((name) => !frames.includes(name)))('stored values of %s', async (name) => {
    const { values, shape } = expected(name, 'stored')!;
    const image = await readKept(fixture(name));
    expect(image.shape.slice(0, shape.length)).toEqual(shape);
    expect(image.shape[2]).toBe(colour.includes(name) ? 3 : 1);
    expect(largestDifference(image.pixels, values)).toBe(0);
  });

  // Of lossy codes the transform is exact only up to rounding, and other decoders round in other places.
  it.each(read.filter((name) => expected(name, 'other')))(
    'stored values of %s within a level of a decoder of another root',
    async (name) => {
      const { pixels } = await readKept(fixture(name));
      expect(largestDifference(pixels, expected(name, 'other')!.values)).toBe(1);
    },
  );

  it.each(frames)('each frame of %s', async (name) => {
    const { values, shape } = expected(name, 'stored')!;
    const size = shape[1] * shape[2];
    for (let frame = 0; frame < shape[0]; frame++) {
      const image = await readKept(fixture(name), { frame });
      expect([image.frame, image.frames]).toEqual([frame, shape[0]]);
      const one = values.slice(frame * size, (frame + 1) * size);
      expect(largestDifference(image.pixels, one)).toBe(0);
    }
  });

  it.each([
    ['signed', Int16Array, true, 12],
    ['bits-15', Uint16Array, false, 15],
    ['bits-6', Uint8Array, false, 6],
  ] as const)('%s has values of the type that holds them', async (name, type, signed, bits) => {
    const image = await readKept(fixture(name));
    expect(image.pixels).toBeInstanceOf(type);
    expect(image).toMatchObject({ signed, bitsStored: bits });
  });

  it('reads many at once as it reads them one by one', async () => {
    const several = ['jpeg-2000', 'jpeg-2000-lossless', 'jpeg-2000-signed', 'jpeg-ls', 'jpeg-ls-8'];
    const oneByOne: DicomImage[] = [];
    for (const name of several) oneByOne.push(await readDicom(fixture(name)));
    const decoder = dicom();
    const atOnce = await Promise.all(
      [...several, ...several].map((name) => decoder.decode(fixture(name), { maxPixels: 1e6 })),
    );
    for (const [i, { pixels }] of atOnce.entries())
      expect(pixels).toEqual(renderDicom(oneByOne[i % several.length]).pixels);
  });

  it('reads sound files while damaged ones are refused', async () => {
    const decoder = dicom();
    const damaged = fixture('jpeg-ls');
    damaged.fill(0, damaged.length - 400, damaged.length - 20);
    const whole = renderDicom(await readKept(fixture('jpeg-ls'))).pixels;
    const work = Array.from({ length: 12 }, (_, i) =>
      decoder.decode(i % 3 === 0 ? damaged : fixture('jpeg-ls'), { maxPixels: 1e6 }),
    );
    for (const [i, result] of (await Promise.allSettled(work)).entries())
      if (i % 3 === 0) expect(result).toMatchObject({ reason: { code: 'IMAGE_INVALID' } });
      else expect(result.status === 'fulfilled' && result.value.pixels).toEqual(whole);
  });

  it('does not need the bytes to begin their buffer, nor to be plain', async () => {
    for (const name of ['explicit-big-8', 'jpeg-lossless-first', 'rle']) {
      const bytes = fixture(name);
      const moved = Buffer.alloc(bytes.length + 3);
      moved.set(bytes, 3);
      const { pixels } = await readKept(moved.subarray(3));
      expect(pixels).toEqual((await readKept(bytes)).pixels);
    }
  });
});

describe("renderDicom against pydicom's apply_modality_lut and apply_voi_lut", () => {
  it.each(read.filter((name) => expected(name, 'shown')))('%s', async (name) => {
    const { pixels, bitsStored } = renderDicom(await readKept(fixture(name)));
    const wide = pixels instanceof Uint16Array;
    expect(bitsStored).toBe(wide ? 16 : undefined);
    expect(largestDifference(pixels, expected(name, 'shown')!.values)).toBe(0);
    expect(new Set(pixels).size).toBeGreaterThan(20);
  });

  it.each(['explicit-little', 'monochrome-1'])(
    '%s by its photometric interpretation, whatever Presentation LUT Shape says',
    async (name) => {
      const file = fixture(name);
      const at = placeOf(file, 0x7fe0, 0x0010) - 12;
      const shape = new TextEncoder().encode('\x50\x20\x20\x00CS\x08\x00INVERSE ');
      const shaped = Buffer.concat([file.subarray(0, at), shape, file.subarray(at)]);
      const { pixels } = renderDicom(await readKept(shaped));
      expect(largestDifference(pixels, expected(name, 'shown')!.values)).toBe(0);
    },
  );
});
