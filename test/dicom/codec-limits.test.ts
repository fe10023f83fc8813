import { describe, expect, it } from 'vitest';
import { readDicom } from '../../src/dicom/index.js';
import { holdToStoredBits } from '../../src/dicom/stored-values.js';
import { elements, expected, fixture, placeOf, withUint16, words } from './fixtures.js';

/** The file with bytes put before, or in the place of, those behind a marker of its coded frame. */
function patched(name: string, marker: number, at: number, bytes: number[], insert = false) {
  const file = fixture(name);
  const frame = placeOf(file, 0x7fe0, 0x0010);
  const start = file.findIndex((byte, i) => i > frame && byte === 0xff && file[i + 1] === marker);
  const from = start + at;
  const whole = [
    ...file.subarray(0, from),
    ...bytes,
    ...file.subarray(insert ? from : from + bytes.length),
  ];
  if (!insert) return Uint8Array.from(whole);
  // The item of the frame is the last before the delimiter.
  const item = file.findIndex(
    (_, i) => i >= frame + 8 && file[i] === 0xfe && file[i + 1] === 0xff && file[i + 3] === 0xe0,
  );
  const long = Uint8Array.from(whole);
  const size = new DataView(long.buffer);
  size.setUint32(item + 4, size.getUint32(item + 4, true) + bytes.length, true);
  return long;
}

const SOF_LS = 0xf7;
const SOF0 = 0xc0;
const SCAN = 0xda;
const SIZ = 0x51;
const COD = 0x52;
const adobe = (transform: number) => [
  0xff,
  0xee,
  0,
  14,
  ...new TextEncoder().encode('Adobe'),
  0,
  100,
  0,
  0,
  0,
  0,
  transform,
];

/** Without the segment JFIF, which is the first: its marker becomes that of a comment. */
const withoutJfif = (file: Uint8Array) => {
  const at = file.findIndex(
    (byte, i) => byte === 0xff && file[i + 1] === 0xe0 && file[i + 4] === 0x4a,
  );
  if (at >= 0) file[at + 1] = 0xfe;
  return file;
};

// All are valid but the last of each kind, and other decoders read them: libjpeg of T. Richter (pylibjpeg), libjpeg-turbo, OpenJPEG.
describe('what a codec does not decode to the right values is refused by name', () => {
  it.each<[string, Uint8Array, RegExp]>([
    [
      'JPEG-LS with a point transform',
      patched('jpeg-ls-8', SCAN, 9, [2]),
      /JPEG-LS with a point transform of 2 bits/,
    ],
    [
      'JPEG-LS that uses a mapping table',
      patched('jpeg-ls-8', SCAN, 6, [1]),
      /JPEG-LS with a mapping table/,
    ],
    [
      'JPEG-LS that has a mapping table',
      patched('jpeg-ls-8', SCAN, 0, [0xff, 0xf8, 0, 6, 2, 1, 1, 0], true),
      /JPEG-LS with a mapping table/,
    ],
    [
      'JPEG-LS with a size of its own',
      patched('jpeg-ls-8', SOF_LS, 0, [0xff, 0xf8, 0, 8, 4, 2, 0, 33, 0, 41], true),
      /JPEG-LS with a size outside/,
    ],
    [
      'JPEG-LS with sampling factors',
      patched('jpeg-ls-8', SOF_LS, 11, [0x22]),
      /JPEG-LS with sampling factors of 2 x 2/,
    ],
    [
      'JPEG-LS of one component by lines',
      patched('jpeg-ls-8', SCAN, 8, [1]),
      /JPEG-LS with one component that is interleaved/,
    ],
    [
      'JPEG-LS with its height behind',
      patched('jpeg-ls-8', SOF_LS, 5, [0, 0]),
      /no height in their frame header/,
    ],
    [
      'JPEG with its height behind',
      patched('jpeg-baseline', SOF0, 5, [0, 0]),
      /no height in their frame header/,
    ],
    ['progressive JPEG', patched('jpeg-baseline', SOF0, 1, [0xc2]), /progressive JPEG/],
    ['hierarchical JPEG', patched('jpeg-baseline', SOF0, 1, [0xc5]), /hierarchical JPEG/],
    ['arithmetic JPEG', patched('jpeg-baseline', SOF0, 1, [0xc9]), /arithmetic coding/],
    [
      'lossless JPEG in another syntax',
      patched('jpeg-baseline', SOF0, 1, [0xc3]),
      /are lossless JPEG/,
    ],
    [
      'JPEG in the syntax of lossless JPEG',
      patched('jpeg-lossless-1', 0xc3, 1, [0xc1]),
      /are extended JPEG/,
    ],
    ['12-bit JPEG', patched('jpeg-extended-8', 0xc1, 4, [12]), /12 bits/],
    [
      'JPEG that calls itself RGB',
      withoutJfif(patched('ybr-jpeg-baseline', SOF0, 0, adobe(0), true)),
      /call themselves RGB/,
    ],
    [
      'JPEG that calls itself YCCK',
      withoutJfif(patched('ybr-jpeg-baseline', SOF0, 0, adobe(2), true)),
      /call themselves RGB/,
    ],
    [
      'JPEG with finer chroma',
      patched('ybr-jpeg-baseline', SOF0, 14, [0x21]),
      /sampling factors of 1 x 1, 2 x 1, 1 x 1/,
    ],
    [
      'JPEG with chroma of a third',
      patched('ybr-jpeg-baseline', SOF0, 11, [0x31]),
      /sampling factors of 3 x 1/,
    ],
    [
      'JPEG 2000 of signed bytes',
      patched('jpeg-2000-signed', SIZ, 40, [0x87]),
      /JPEG 2000 of 8 bits with a sign/,
    ],
    [
      'JPEG 2000 of signed values below a byte',
      patched('jpeg-2000-signed', SIZ, 40, [0x82]),
      /JPEG 2000 of 3 bits with a sign/,
    ],
    [
      'JPEG 2000 of coarser components',
      patched('ybr-jpeg-2000', SIZ, 44, [2, 2]),
      /components of different size/,
    ],
    [
      'JPEG 2000 of components of other bits',
      patched('ybr-jpeg-2000', SIZ, 43, [9]),
      /components of different size, bits/,
    ],
    ['HTJ2K of signed bytes', patched('htj2k', SIZ, 40, [0x87]), /8 bits with a sign/],
    [
      'HTJ2K with a region of interest',
      patched('htj2k', COD, 0, [0xff, 0x5e, 0, 5, 0, 0, 5], true),
      /region of interest/,
    ],
    [
      'HTJ2K with changes of order',
      patched('htj2k', COD, 0, [0xff, 0x5f, 0, 9, 0, 0, 0, 1, 6, 1, 0], true),
      /changes of the order/,
    ],
    [
      'HTJ2K with packed headers',
      patched('htj2k', COD, 0, [0xff, 0x60, 0, 4, 0, 0], true),
      /packed packet headers/,
    ],
  ])('%s', async (_, file, words) => {
    await expect(readDicom(file)).rejects.toMatchObject({
      code: 'IMAGE_UNSUPPORTED',
      message: expect.stringMatching(words),
    });
    await expect(readDicom(file)).rejects.toThrow(/gdcmconv --raw/);
  });
});

describe('what stands in a header and changes no value is read', () => {
  it.each<[string, string, Uint8Array]>([
    [
      'a comment of JPEG-LS that looks like a scan',
      'jpeg-ls-8',
      patched('jpeg-ls-8', SOF_LS, 0, [0xff, 0xfe, 0, 6, 0xff, 0xda, 0, 0], true),
    ],
    [
      'the default thresholds of JPEG-LS',
      'jpeg-ls-8',
      patched('jpeg-ls-8', SCAN, 0, [0xff, 0xf8, 0, 13, 1, 0, 255, 0, 3, 0, 7, 0, 21, 0, 64], true),
    ],
    [
      'a restart interval of 0',
      'jpeg-ls-8',
      patched('jpeg-ls-8', SCAN, 0, [0xff, 0xdd, 0, 4, 0, 0], true),
    ],
    [
      'JPEG that says that it is YCbCr',
      'ybr-jpeg-baseline',
      withoutJfif(patched('ybr-jpeg-baseline', SOF0, 0, adobe(1), true)),
    ],
    [
      'JPEG with other names of its components',
      'jpeg-baseline',
      patched('jpeg-baseline', 0xfe, 0, [], true),
    ],
    [
      'a sampling factor of the one component',
      'jpeg-baseline',
      patched('jpeg-baseline', SOF0, 11, [0x22]),
    ],
    [
      'a comment of JPEG 2000',
      'jpeg-2000-lossless',
      patched('jpeg-2000-lossless', COD, 0, [0xff, 0x64, 0, 8, 0, 1, 1, 2, 3, 4], true),
    ],
    [
      'a comment of HTJ2K',
      'htj2k',
      patched('htj2k', COD, 0, [0xff, 0x64, 0, 8, 0, 1, 1, 2, 3, 4], true),
    ],
    [
      'a region of interest of JPEG 2000 of no shift',
      'jpeg-2000-lossless',
      patched('jpeg-2000-lossless', COD, 0, [0xff, 0x5e, 0, 5, 0, 0, 0], true),
    ],
  ])('%s', async (_, name, file) => {
    const { pixels } = await readDicom(file);
    expect(Array.from(pixels)).toEqual(expected(name, 'stored')?.values);
  });
});

describe('values of more bits than the file says', () => {
  const withBits = (name: string, stored: number) =>
    withUint16(withUint16(fixture(name), 0x0028, 0x0101, stored), 0x0028, 0x0102, stored - 1);

  it.each(['jpeg-ls', 'jpeg-lossless-1', 'jpeg-2000-lossless', 'htj2k', 'jpeg-ls-signed'])(
    'of %s are refused, for a picture would be folded',
    async (name) => {
      await expect(readDicom(withBits(name, 10))).rejects.toMatchObject({
        code: 'IMAGE_INVALID',
        message: expect.stringMatching(/more bits than BitsStored 10 and HighBit 9/),
      });
    },
  );

  it('are those of an overlay where the file has one in the bits above', async () => {
    const file = withBits('jpeg-ls', 10);
    const at = placeOf(file, 0x7fe0, 0x0010) - 12;
    const overlay = elements([[0x6000, 0x0010, 'US', words([33])]]);
    const old = Uint8Array.from([...file.subarray(0, at), ...overlay, ...file.subarray(at)]);
    const { pixels } = await readDicom(old);
    expect(Array.from(pixels)).toEqual(expected('jpeg-ls', 'stored')?.values.map((v) => v & 1023));
  });

  it('by a lossy code that lifts a few over the greatest become the greatest', () => {
    const cells = Uint16Array.of(0, 1023, 1024, 1080);
    holdToStoredBits(cells, { bitsStored: 10, highBit: 9, signed: false });
    expect(Array.from(cells)).toEqual([0, 1023, 1023, 1023]);
    const far = Uint16Array.of(1200);
    const given = { bitsStored: 10, highBit: 9, signed: false };
    expect(() => holdToStoredBits(far, given)).toThrow(/IMAGE_INVALID/);
    const signs = Uint16Array.of(5, 0xfc00 + 600, 600);
    holdToStoredBits(signs, { ...given, signed: true });
    expect(Array.from(signs)).toEqual([5, 0xfc00 + 600, 600]);
    expect(() => holdToStoredBits(Uint16Array.of(0x0c00), { ...given, signed: true })).toThrow();
  });

  it('fewer bits are read as they are', async () => {
    const { pixels } = await readDicom(withBits('jpeg-ls', 16));
    expect(Array.from(pixels)).toEqual(expected('jpeg-ls', 'stored')?.values);
  });
});
