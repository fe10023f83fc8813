import { describe, expect, it } from 'vitest';
import { type DicomImage, type DicomWindow, renderDicom } from '../../src/dicom/index.js';

/** All values of some bits, in order. */
function ramp(bitsStored: number, more: Partial<DicomImage> = {}): DicomImage {
  const count = 2 ** bitsStored;
  const signed = more.signed ?? false;
  const values = Array.from({ length: count }, (_, i) => (signed ? i - count / 2 : i));
  const pixels = signed
    ? (bitsStored > 8 ? Int16Array : Int8Array).from(values)
    : (bitsStored > 8 ? Uint16Array : Uint8Array).from(values);
  return {
    pixels,
    shape: [1, count, 1],
    bitsStored,
    signed,
    photometric: 'MONOCHROME2',
    greyScale: { modality: { slope: 1, intercept: 0 } },
    frame: 0,
    frames: 1,
    transferSyntax: { uid: '1.2.840.10008.1.2.1', name: 'Explicit VR Little Endian' },
    metadata: {},
    ...more,
  };
}

const window = (window: DicomWindow, bits = 8) =>
  Array.from(renderDicom(ramp(bits), { window }).pixels);

/** The pseudo-code of DICOM PS3.3 C.11.2.1.2, from 0 to 1, written out. */
function standard(x: number, { center: c, width: w, shape = 'LINEAR' }: DicomWindow): number {
  if (shape === 'SIGMOID') return 1 / (1 + Math.exp((-4 * (x - c)) / w));
  if (shape === 'LINEAR_EXACT') {
    if (x <= c - w / 2) return 0;
    if (x > c + w / 2) return 1;
    return (x - c) / w + 0.5;
  }
  if (x <= c - 0.5 - (w - 1) / 2) return 0;
  if (x > c - 0.5 + (w - 1) / 2) return 1;
  return (x - (c - 0.5)) / (w - 1) + 0.5;
}

describe('renderDicom', () => {
  it.each([1, 6, 8, 9, 10, 12, 15, 16])('maps all %i bits to all of grey', (bits) => {
    const { pixels, bitsStored } = renderDicom(ramp(bits), { window: 'full' });
    const top = bits > 8 ? 65535 : 255;
    expect([pixels[0], pixels.at(-1)]).toEqual([0, top]);
    expect(bitsStored).toBe(bits > 8 ? 16 : undefined);
    // Invertible, so nothing is lost.
    const back = Array.from(pixels, (grey) => Math.round((grey * (2 ** bits - 1)) / top));
    expect(back).toEqual(Array.from(ramp(bits).pixels));
  });

  it.each<DicomWindow>([
    { center: 100, width: 50 },
    { center: 100.5, width: 51.25 },
    { center: 100, width: 1 },
    { center: 0, width: 256, shape: 'LINEAR' },
    { center: 127.5, width: 0.5, shape: 'LINEAR_EXACT' },
    { center: 60, width: 90, shape: 'LINEAR_EXACT' },
    { center: 128, width: 64, shape: 'SIGMOID' },
    { center: -40, width: 200 },
  ])('follows the standard at $shape $center, $width', (given) => {
    const wanted = Array.from({ length: 256 }, (_, x) =>
      Math.floor(255 * standard(x, given) + 0.5),
    );
    expect(window(given)).toEqual(wanted);
  });

  it('shows MONOCHROME1 the other way round, signed values by their sign', () => {
    const plain = renderDicom(ramp(10)).pixels;
    const inverted = renderDicom(ramp(10, { photometric: 'MONOCHROME1' })).pixels;
    expect(inverted).toEqual(plain.slice().reverse());
    expect(renderDicom(ramp(10, { signed: true })).pixels).toEqual(plain);
  });

  it('takes windows in modality values', () => {
    const modality = { slope: 2, intercept: -100 };
    const given: DicomWindow = { center: 50, width: 101 };
    const { pixels } = renderDicom(ramp(8, { greyScale: { modality, interest: given } }));
    const wanted = Array.from({ length: 256 }, (_, s) =>
      Math.floor(255 * standard(2 * s - 100, given) + 0.5),
    );
    expect(Array.from(pixels)).toEqual(wanted);
    // 'full' is of what the bits can hold, whatever the file says to look at.
    const full = renderDicom(ramp(8, { greyScale: { modality, interest: given } }), {
      window: 'full',
    });
    expect(full.pixels).toEqual(ramp(8).pixels);
  });

  it('holds the ends of tables', () => {
    const interest = { first: 3, bits: 8, values: Uint16Array.of(10, 20, 255) };
    const greyScale = { modality: { slope: 1, intercept: 0 }, interest };
    const { pixels } = renderDicom(ramp(3, { greyScale }));
    expect(Array.from(pixels)).toEqual([10, 10, 10, 10, 20, 255, 255, 255]);
    const modality = { first: 0, bits: 8, values: Uint16Array.of(0, 51, 255) };
    const through = renderDicom(ramp(2, { greyScale: { modality } })).pixels;
    expect(Array.from(through)).toEqual([0, 51, 255, 255]);
  });

  it.each(['MONOCHROME1', 'MONOCHROME2'] as const)('shows padding black in %s', (photometric) => {
    const padding = [2, 5] as const;
    const greyScale = { modality: { slope: 1, intercept: 0 }, padding };
    const { pixels } = renderDicom(ramp(3, { photometric, greyScale }));
    expect(Array.from(pixels.subarray(2, 6))).toEqual([0, 0, 0, 0]);
    expect(Math.min(...pixels.subarray(6, 7), ...pixels.subarray(1, 2))).toBeGreaterThan(0);
  });

  it.each([
    [{ window: 'whole' }, 'INVALID_OPTION'],
    [{ window: { center: 1, width: 0 } }, 'INVALID_OPTION'],
    [{ window: { center: 1, width: 0.5 } }, 'INVALID_OPTION'],
    [{ window: { center: Number.NaN, width: 5 } }, 'INVALID_OPTION'],
    [{ window: { center: 1, width: 5, shape: 'ROUND' } }, 'INVALID_OPTION'],
    [{ window: { middle: 1, width: 5 } }, 'UNKNOWN_OPTION'],
    [{ window: null }, 'INVALID_OPTION'],
    [{ windows: 'file' }, 'UNKNOWN_OPTION'],
  ])('refuses %o', (options, code) => {
    expect(() => renderDicom(ramp(8), options as never)).toThrow(expect.objectContaining({ code }));
  });
});
