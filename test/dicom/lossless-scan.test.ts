import { describe, expect, it } from 'vitest';
import { readDicom } from '../../src/dicom/index.js';
import { checkLosslessScan } from '../../src/dicom/lossless-scan.js';
import { codedFile, fixture, losslessJpeg } from './fixtures.js';

const stored = { bitsStored: 12, signed: false };
const unsupported = {
  code: 'IMAGE_UNSUPPORTED',
  message: expect.stringContaining('gdcmconv --raw'),
};

/** The segments of a frame from its header to its scan; the numbers are those of ITU-T T.81. */
const frame = ({
  predictor = 1,
  pointTransform = 0,
  restart = 0,
  sampling = 0x11,
  precision = 12,
  fill = 0,
}) =>
  Uint8Array.from([
    ...[0xff, 0xd8],
    ...[0xff, 0xc3, 0, 11, precision, 0, 4, 0, 6, 1, 1, sampling, 0],
    ...[0xff, 0xdd, 0, 4, 0, restart],
    ...Array.from({ length: fill }, () => 0xff),
    ...[0xff, 0xda, 0, 8, 1, 1, 0, predictor, 0, pointTransform],
    ...[0xff, 0xd9],
  ]);

describe('checkLosslessScan', () => {
  it.each([{}, { predictor: 7 }, { predictor: 7, precision: 16 }, { restart: 24 }, { fill: 3 }])(
    'takes %o',
    (options) => {
      expect(() => checkLosslessScan(frame(options), stored)).not.toThrow();
    },
  );

  it.each([
    [{ pointTransform: 2 }, /point transform of 2 bits/],
    [{ pointTransform: 2, fill: 1 }, /point transform of 2 bits/],
    [{ restart: 6 }, /restarts after every 6 pixels/],
    [{ restart: 6, predictor: 7 }, /restarts after every 6 pixels/],
    [{ restart: 12, predictor: 2, fill: 2 }, /restarts after every 12 pixels/],
    [{ predictor: 0 }, /predictor 0/],
    [{ predictor: 8 }, /predictor 8/],
    [{ sampling: 0x22 }, /sampling factors of 2 x 2/],
  ])('refuses %o', (options, words) => {
    expect(() => checkLosslessScan(frame(options), stored)).toThrow(words);
    expect(() => checkLosslessScan(frame(options), stored)).toThrow(
      expect.objectContaining(unsupported),
    );
  });

  it('refuses predictor 7 where a sum can go round 2^16', () => {
    const code = frame({ predictor: 7, precision: 16 });
    for (const given of [
      { bitsStored: 16, signed: false },
      { bitsStored: 12, signed: true },
    ])
      expect(() => checkLosslessScan(code, given)).toThrow(/predictor 7 on 16 bits/);
  });
});

describe('readDicom', () => {
  it('refuses a point transform', async () => {
    const file = Uint8Array.from(fixture('jpeg-lossless-2'));
    const scan = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xda);
    file[scan + 9] = 1;
    await expect(readDicom(file)).rejects.toMatchObject({ code: 'IMAGE_UNSUPPORTED' });
  });

  // The code of a last pixel that is like its neighbours is one bit, which may be the last before the end marker.
  it.each([1, 2, 3, 4, 5, 6, 7])(
    'reads the last pixel, whatever stands before it, by predictor %i',
    async (predictor) => {
      for (let columns = 1; columns <= 16; columns++) {
        const values = Array.from({ length: 3 * columns }, (_, i) => (i % 5 === 0 ? 130 : 128));
        values.fill(128, values.length - columns - 1);
        const code = losslessJpeg(values, { columns, predictor });
        const { pixels } = await readDicom(
          codedFile('jpeg-lossless-first-8', code, { rows: 3, columns }),
        );
        expect(Array.from(pixels)).toEqual(values);
      }
    },
  );
});
