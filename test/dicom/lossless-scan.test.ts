import { describe, expect, it } from 'vitest';
import { readDicom } from '../../src/dicom/index.js';
import { checkLosslessScan } from '../../src/dicom/lossless-scan.js';
import { fixture } from './fixtures.js';

/** The segments of a frame from its header to its scan; the numbers are those of ITU-T T.81. */
const frame = ({ predictor = 1, pointTransform = 0, restart = 0 }) =>
  Uint8Array.from([
    ...[0xff, 0xd8],
    ...[0xff, 0xc3, 0, 11, 12, 0, 4, 0, 6, 1, 1, 0x11, 0],
    ...[0xff, 0xdd, 0, 4, 0, restart],
    ...[0xff, 0xda, 0, 8, 1, 1, 0, predictor, 0, pointTransform],
    ...[0xff, 0xd9],
  ]);

describe('checkLosslessScan', () => {
  it.each([{}, { predictor: 7 }, { restart: 6 }])('takes %o', (options) => {
    expect(() => checkLosslessScan(frame(options))).not.toThrow();
  });

  it.each([
    [{ pointTransform: 2 }, /point transform of 2 bits/],
    [{ restart: 6, predictor: 2 }, /restarts and predictor 2/],
    [{ restart: 6, predictor: 7 }, /restarts and predictor 7/],
  ])('refuses %o', (options, words) => {
    expect(() => checkLosslessScan(frame(options))).toThrow(words);
    expect(() => checkLosslessScan(frame(options))).toThrow(
      expect.objectContaining({ code: 'IMAGE_UNSUPPORTED' }),
    );
  });
});

describe('readDicom', () => {
  it('refuses a point transform', async () => {
    const file = Uint8Array.from(fixture('jpeg-lossless-2'));
    const scan = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xda);
    file[scan + 9] = 1;
    await expect(readDicom(file)).rejects.toMatchObject({ code: 'IMAGE_UNSUPPORTED' });
  });
});
