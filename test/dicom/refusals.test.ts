import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { dicom, readDicom } from '../../src/dicom/index.js';
import { isSaladError, type SaladError } from '../../src/support/errors.js';
import { RandomStream } from '../../src/support/random.js';
import { fixture, names, placeOf, readKept, withUint16 } from './fixtures.js';

/** What reading throws, which must be an error of ours that says nothing of the patient. */
async function problem(bytes: Uint8Array, options = {}): Promise<SaladError | undefined> {
  try {
    await readKept(bytes, { maxPixels: 2 ** 20, frame: 0, ...options });
    return undefined;
  } catch (error) {
    if (!isSaladError(error)) throw error;
    expect(inspect(error, { depth: 9 }).replace(/^\s+at .*$/gm, '')).not.toMatch(
      /Drawn|Phantom|0815|3680043|20200229/,
    );
    return error;
  }
}

const codeOf = async (bytes: Uint8Array, options = {}) => (await problem(bytes, options))?.code;

/** A file of explicit little-endian pixels, which end it, with zeros behind them in the same element. */
function withBehind(name: string, zeros: number): Uint8Array {
  const file = fixture(name);
  const longer = new Uint8Array(file.length + zeros);
  longer.set(file);
  const at = placeOf(file, 0x7fe0, 0x0010) - 4;
  new DataView(longer.buffer).setUint32(at, file.length - at - 4 + zeros, true);
  return longer;
}

const coded = names.filter((name) => /^(jpeg|htj2k|rle|ybr|frames-|fragments)/.test(name));
const sound = names.filter((name) => !name.startsWith('refused') && name !== 'jpeg-extended-12');

describe('readDicom refuses', () => {
  it.each([
    ['jpeg-extended-12', 'IMAGE_UNSUPPORTED', /1\.2\.840\.10008\.1\.2\.4\.51\).*gdcmconv --raw/],
    ['refused-palette', 'IMAGE_UNSUPPORTED', /PALETTE COLOR/],
    ['refused-32-bits', 'IMAGE_UNSUPPORTED', /BitsAllocated is 32/],
    ['refused-no-pixels', 'IMAGE_INVALID', /no pixel data/],
  ])('%s as %s', async (name, code, words) => {
    const error = await problem(fixture(name));
    expect(error?.code).toBe(code);
    expect(error?.message).toMatch(words);
  });

  it('transfer syntaxes that are not read, by name', async () => {
    const file = fixture('explicit-little');
    file.set(new TextEncoder().encode('1.2.840.10008.1.2.9\0'), placeOf(file, 0x0002, 0x0010));
    const error = await problem(file);
    expect(error?.code).toBe('IMAGE_UNSUPPORTED');
    expect(error?.message).toMatch(/1\.2\.840\.10008\.1\.2\.9/);
  });

  it('several frames unless one is chosen', async () => {
    const error = await problem(fixture('frames'), { frame: undefined });
    expect(error?.code).toBe('IMAGE_UNSUPPORTED');
    expect(error?.message).toMatch(/2 frame\(s\).*option frame/);
    expect(await codeOf(fixture('frames'), { frame: 2 })).toBe('IMAGE_UNSUPPORTED');
    expect(await codeOf(fixture('frames'), { frame: 1 })).toBeUndefined();
  });

  it('what is no DICOM', async () => {
    expect(await codeOf(new Uint8Array())).toBe('IMAGE_INVALID');
    expect(await codeOf(new Uint8Array(1000))).toBe('IMAGE_INVALID');
    const onlyMark = new Uint8Array(132);
    onlyMark.set(new TextEncoder().encode('DICM'), 128);
    expect(['IMAGE_INVALID', 'IMAGE_TRUNCATED', 'IMAGE_UNSUPPORTED']).toContain(
      await codeOf(onlyMark),
    );
  });

  it.each(sound)('%s cut anywhere', async (name) => {
    const whole = fixture(name);
    for (const share of [0.1, 0.3, 0.5, 0.7, 0.9, 0.99]) {
      const code = await codeOf(whole.subarray(0, Math.floor(share * whole.length)));
      expect(['IMAGE_TRUNCATED', 'IMAGE_INVALID', 'IMAGE_UNSUPPORTED']).toContain(code);
    }
    // In the pixels it is plain that they end early; deflated files end early as a whole.
    expect(await codeOf(whole.subarray(0, whole.length - 10))).toBe('IMAGE_TRUNCATED');
  });

  it.each(coded)('%s where header and pixels disagree', async (name) => {
    const rows = withUint16(fixture(name), 0x0028, 0x0010, 34);
    expect(['IMAGE_INVALID', 'IMAGE_TRUNCATED']).toContain(await codeOf(rows));
    const fewer = withUint16(fixture(name), 0x0028, 0x0011, 40);
    // RLE says nothing of its size; a plane may be longer than asked for.
    if (!name.includes('rle')) expect(await codeOf(fewer)).toBe('IMAGE_INVALID');
  });

  it('uncompressed pixels of other than the said length', async () => {
    const more = withUint16(fixture('explicit-little'), 0x0028, 0x0010, 34);
    expect(await codeOf(more)).toBe('IMAGE_TRUNCATED');
    // A row that belongs to no frame says that the header is wrong.
    const fewer = withUint16(fixture('explicit-little'), 0x0028, 0x0010, 32);
    expect((await problem(fewer))?.message).toMatch(/2706 bytes .* 32 x 41 .* expected 2624 bytes/);
    const none = withUint16(fixture('explicit-little'), 0x0028, 0x0010, 0);
    expect(await codeOf(none)).toBe('IMAGE_INVALID');
  });

  it('a frame more than it says, be it black, and any byte behind the pixels but zeros', async () => {
    const frame = 2 * 33 * 41;
    const { pixels } = await readKept(fixture('explicit-little'));
    for (const zeros of [2, 512, frame - 2])
      expect((await readKept(withBehind('explicit-little', zeros))).pixels).toEqual(pixels);
    expect(await codeOf(withBehind('explicit-little', frame))).toBe('IMAGE_INVALID');
    const dirty = withBehind('explicit-little', 512);
    dirty[dirty.length - 1] = 7;
    expect(await codeOf(dirty)).toBe('IMAGE_INVALID');
    // Of several frames each stays where it was.
    for (const frame of [0, 1]) {
      const plain = await readKept(fixture('frames'), { frame });
      expect((await readKept(withBehind('frames', 100), { frame })).pixels).toEqual(plain.pixels);
    }
    expect(await codeOf(withBehind('frames', frame))).toBe('IMAGE_INVALID');
  });

  it('too many pixels before it looks at them', async () => {
    for (const name of ['explicit-little', 'jpeg-2000', 'deflated']) {
      const error = await problem(fixture(name), { maxPixels: 33 * 41 - 1 });
      expect(error?.code).toBe('IMAGE_TOO_LARGE');
      expect(await codeOf(fixture(name), { maxPixels: 33 * 41 })).toBeUndefined();
    }
    const bomb = withUint16(fixture('jpeg-2000'), 0x0028, 0x0010, 65535);
    expect(await codeOf(withUint16(bomb, 0x0028, 0x0011, 65535))).toBe('IMAGE_TOO_LARGE');
  });

  it('a coded frame that says it is larger than its file, before it is decoded', async () => {
    const file = fixture('jpeg-2000');
    const size = file.findIndex((_, i) =>
      [0xff, 0x4f, 0xff, 0x51].every((byte, k) => file[i + k] === byte),
    );
    new DataView(file.buffer).setUint32(size + 8, 2 ** 31 - 1);
    expect(await codeOf(file)).toBe('IMAGE_INVALID');
    const jpeg = fixture('jpeg-baseline');
    const frame = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
    new DataView(jpeg.buffer).setUint16(frame + 5, 65535);
    expect(await codeOf(jpeg)).toBe('IMAGE_INVALID');
  });

  it.each(['jpeg-2000', 'htj2k', 'jpeg-lossless-1', 'jpeg-ls', 'rle'])(
    'pixels of %s with a piece missing in the middle',
    async (name) => {
      const file = fixture(name);
      // The item of the frame, which is the last but the delimiter; what is cut out goes behind, as padding.
      const [from, to] = [file.length - 500, file.length - 12];
      const cut = file.slice();
      cut.copyWithin(from, from + 300, file.length - 8);
      cut.fill(0, to - 296, file.length - 8);
      expect(['IMAGE_TRUNCATED', 'IMAGE_INVALID']).toContain(await codeOf(cut));
    },
  );

  it.each([
    ['PhotometricInterpretation with other samples', 0x0028, 0x0002, 3, 'IMAGE_INVALID'],
    ['BitsStored above BitsAllocated', 0x0028, 0x0101, 17, 'IMAGE_INVALID'],
    ['HighBit below BitsStored', 0x0028, 0x0102, 9, 'IMAGE_INVALID'],
    ['PixelRepresentation 2', 0x0028, 0x0103, 2, 'IMAGE_INVALID'],
    ['BitsAllocated 12', 0x0028, 0x0100, 12, 'IMAGE_UNSUPPORTED'],
  ])('%s', async (_, group, element, value, code) => {
    const file = withUint16(fixture('explicit-little'), group, element, value);
    expect(await codeOf(file)).toBe(code);
  });

  it('a deflated bomb, soon', async () => {
    const { deflateSync } = await import('fflate');
    const head = fixture('deflated');
    const from = placeOf(head, 0x0002, 0x0000);
    const metaLength = new DataView(head.buffer).getUint32(from, true);
    const start = from + 4 + metaLength;
    const zeros = deflateSync(new Uint8Array(1.5e7));
    const bomb = new Uint8Array(start + zeros.length);
    bomb.set(head.subarray(0, start));
    bomb.set(zeros, start);
    expect(await codeOf(bomb, { maxPixels: 1e6 })).toBe('IMAGE_TOO_LARGE');
  });

  it('options that it does not know', async () => {
    await expect(readDicom(fixture('rle'), { frames: 1 } as never)).rejects.toThrow(
      /Did you mean 'frame'.*UNKNOWN_OPTION/,
    );
    expect(await codeOf(fixture('rle'), { frame: -1 })).toBe('INVALID_OPTION');
    expect(await codeOf(fixture('rle'), { maxPixels: 0 })).toBe('INVALID_OPTION');
    expect(() => dicom({ windows: 'file' } as never)).toThrow(/Did you mean 'window'/);
    expect(() => dicom({ window: 'wide' as never })).toThrow(/INVALID_OPTION/);
  });
});

describe('changed files', () => {
  it.each(names)('%s is read or refused by an error of ours', async (name) => {
    const random = new RandomStream(5);
    const decoder = dicom({ frame: 0 });
    for (let round = 0; round < 20; round++) {
      const file = fixture(name);
      for (let k = 0; k < 1 + 10 * (round % 2); k++)
        file[132 + random.integer(file.length - 132)] = random.integer(256);
      try {
        const { pixels, shape } = await decoder.decode(file, { maxPixels: 2 ** 16 });
        expect(pixels.length).toBe(shape[0] * shape[1] * shape[2]);
      } catch (error) {
        expect(error).toMatchObject({ name: 'SaladError', code: expect.stringMatching(/^IMAGE_/) });
      }
    }
    // A codec that was given damaged pixels decodes sound ones as ever.
    if (!sound.includes(name)) return;
    const [after, fresh] = [decoder, dicom({ frame: 0 })].map((one) =>
      one.decode(fixture(name), { maxPixels: 2 ** 16 }),
    );
    expect((await after).pixels).toEqual((await fresh).pixels);
  });
});

describe('accepts', () => {
  const { accepts } = dicom();

  it.each(names)('%s by its first 512 bytes', (name) => {
    expect(accepts(fixture(name).subarray(0, 512))).toBe(true);
  });

  it.each([
    ['PNG', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
    ['JPEG', '\xff\xd8\xff\xe0\0\x10JFIF\0'],
    ['TIFF', 'II*\0\x08\0\0\0\0\0\0\0\0'],
    ['zip', 'PK\x03\x04\x14\0\0\0\x08\0\0\0\0'],
    ['text', 'Image Index,Finding Labels'],
    ['nothing', ''],
  ])('not %s', (_, text) => {
    expect(accepts(Uint8Array.from(text, (letter) => letter.charCodeAt(0)))).toBe(false);
  });
});
