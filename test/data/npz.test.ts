import { readFileSync } from 'node:fs';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { npzSource, readNpz } from '../../src/data/index.js';
import { crc32 } from '../../src/support/crc32.js';
import { isSaladError } from '../../src/support/errors.js';

/** A .npy file as NumPy's format description has it: magic, version 1.0, header to 64 bytes, values. */
function npy(descr: string, shape: readonly number[], values: ArrayBufferView, order = 'False') {
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${tuple}, }`;
  const header = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`;
  const file = new Uint8Array(10 + header.length + values.byteLength);
  file.set([
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    1,
    0,
    header.length & 255,
    header.length >> 8,
  ]);
  file.set(new TextEncoder().encode(header), 10);
  file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 10 + header.length);
  return file;
}

const npz = (arrays: Record<string, Uint8Array>) =>
  zipSync(Object.fromEntries(Object.entries(arrays).map(([name, file]) => [`${name}.npy`, file])));

describe('readNpz', () => {
  it.each([
    ['|u1', Uint8Array.of(1, 255)],
    ['<u2', Uint16Array.of(1, 65535)],
    ['<i4', Int32Array.of(-1, 70000)],
    ['<i8', BigInt64Array.of(-1n, 2n)],
    ['<f4', Float32Array.of(0.5, -3)],
    ['<f8', Float64Array.of(0.1, 1e300)],
  ])('reads %s', (descr, values) => {
    const { a } = readNpz(npz({ a: npy(descr, [2, 1], values) }));
    expect(a).toEqual({ data: values, shape: [2, 1], dtype: descr.slice(1) });
  });

  it('reads booleans as 0 and 1, and a scalar', () => {
    const { flags, one } = readNpz(
      npz({
        flags: npy('|b1', [3], Uint8Array.of(1, 0, 1)),
        one: npy('<f8', [], Float64Array.of(4)),
      }),
    );
    expect(flags).toEqual({ data: Uint8Array.of(1, 0, 1), shape: [3], dtype: 'b1' });
    expect(one).toEqual({ data: Float64Array.of(4), shape: [], dtype: 'f8' });
  });

  it('reads all arrays, or those named', () => {
    const bytes = npz({
      a: npy('|u1', [1], Uint8Array.of(1)),
      b: npy('|u1', [1], Uint8Array.of(2)),
    });
    expect(Object.keys(readNpz(bytes))).toEqual(['a', 'b']);
    expect(Object.keys(readNpz(bytes, ['b']))).toEqual(['b']);
    expect(() => readNpz(bytes, ['c'])).toThrow(/has no 'c'; it has a, b.*INVALID_IMAGES/);
  });

  it('says what is wrong with a file', () => {
    const whole = npz({ a: npy('|u1', [4], Uint8Array.of(1, 2, 3, 4)) });
    for (const cut of [
      whole.subarray(0, whole.length - 30),
      whole.subarray(0, 20),
      new Uint8Array(0),
    ])
      expect(() => readNpz(cut)).toThrow(/is not a whole zip file.*INVALID_IMAGES/);
    const broken = (file: Uint8Array) => () => readNpz(npz({ a: file }));
    expect(broken(npy('|u1', [5], Uint8Array.of(1, 2)))).toThrow(
      /a damaged 'a' \(it has 130 bytes, .* by its own header 133\).*INVALID_IMAGES/,
    );
    expect(broken(npy('>f4', [1], Float32Array.of(1)))).toThrow(/little-endian.*INVALID_IMAGES/);
    expect(broken(npy('<f4', [2, 2], new Float32Array(4), 'True'))).toThrow(/Fortran order/);
    expect(broken(npy('<c8', [1], new Float32Array(2)))).toThrow(/dtype c8/);
    expect(broken(npy('<U3', [1], new Uint32Array(3)))).toThrow(/INVALID_IMAGES/);
    expect(broken(npy('|O', [1], new Uint8Array(8)))).toThrow(/INVALID_IMAGES/);
    expect(broken(npy('<f8', [1], new Uint8Array(5)))).toThrow(/INVALID_IMAGES/);
    expect(broken(Uint8Array.of(1, 2, 3))).toThrow(/INVALID_IMAGES/);
  });
});

describe('a damaged .npz', () => {
  const values = Uint8Array.from({ length: 300 }, (_, i) => (i * i) % 251);
  const file = npz({ a: npy('|u1', [300], values), b: npy('<f4', [2], Float32Array.of(1, 2)) });
  const deflated = zipSync({ 'a.npy': npy('|u1', [300], values) }, { level: 9 });

  it.each([
    ['several members', file],
    ['a deflated member', deflated],
  ])('%s: a flipped bit anywhere is told, or changes nothing', (_, whole) => {
    const arrays = readNpz(whole);
    let told = 0;
    for (let bit = 0; bit < 8 * whole.length; bit++) {
      const flipped = whole.slice();
      flipped[bit >> 3] ^= 1 << (bit & 7);
      try {
        expect(readNpz(flipped)).toEqual(arrays);
      } catch (error) {
        if (!isSaladError(error, 'INVALID_IMAGES')) throw error;
        told += 1;
      }
    }
    // Those of the pixels at least.
    expect(told).toBeGreaterThan(8 * 300 * 0.5);
  });

  it('makes no room for more than the header says', () => {
    const zeros = new Uint8Array(4_000_000);
    const small = zipSync({ 'a.npy': npy('|u1', [4], zeros) }, { level: 9 });
    expect(() => readNpz(small)).toThrow(/by its own header 132\).*INVALID_IMAGES/);
    const grown = small.slice();
    const directory = new DataView(grown.buffer);
    const entry = grown.length - 22 - 46 - 'a.npy'.length;
    directory.setUint32(entry + 24, 132, true);
    expect(() => readNpz(grown)).toThrow(/unpacks to more than 132 bytes.*INVALID_IMAGES/);
  });

  it('CRC-32 is that of zlib', () => {
    for (const length of [0, 1, 255, 1000])
      expect(crc32(values.subarray(0, length))).toBe(zlibCrc32(values.subarray(0, length)));
    // The check value of the polynomial's definition.
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });
});

describe('npzSource', () => {
  const images = Uint8Array.from({ length: 3 * 2 * 2 }, (_, i) => i);
  const file = (more: Record<string, Uint8Array> = {}) =>
    npz({
      train_images: npy('|u1', [3, 2, 2], images),
      train_labels: npy('<i8', [3, 1], BigInt64Array.of(0n, 1n, 0n)),
      ...more,
    });

  it('reads grey images and their labels', async () => {
    const source = npzSource(file(), { split: 'train' });
    expect(source).toMatchObject({
      length: 3,
      ids: ['train-0', 'train-1', 'train-2'],
      labels: [0, 1, 0],
    });
    expect(await source.read([1])).toEqual({ pixels: images.slice(4, 8), shape: [2, 2, 1] });
  });

  it('reads colour, 16-bit and floating-point images', async () => {
    const labels = npy('|u1', [2], Uint8Array.of(0, 1));
    const read = async (array: Uint8Array, more = {}) =>
      npzSource(npz({ val_images: array, val_labels: labels }), { split: 'val', ...more }).read([
        1,
      ]);
    expect(await read(npy('|u1', [2, 1, 2, 3], images))).toEqual({
      pixels: images.slice(6, 12),
      shape: [1, 2, 3],
    });
    expect(await read(npy('<u2', [2, 1, 1], Uint16Array.of(5, 900)), { bitsStored: 10 })).toEqual({
      pixels: Uint16Array.of(900),
      shape: [1, 1, 1],
      bitsStored: 10,
    });
    expect((await read(npy('|b1', [2, 1, 2], Uint8Array.of(0, 0, 1, 0)))).pixels).toEqual(
      Uint8Array.of(255, 0),
    );
    expect((await read(npy('<f8', [2, 1, 1], Float64Array.of(0.1, 0.25)))).pixels).toEqual(
      Float32Array.of(0.25),
    );
  });

  it('maps classes to normal and abnormal on request', () => {
    const bytes = file({ train_labels: npy('|u1', [3, 1], Uint8Array.of(0, 4, 2)) });
    expect(() => npzSource(bytes, { split: 'train' })).toThrow(/labels\[1\] is 4.*INVALID_OPTION/);
    const abnormal = (label: number) => label !== 2;
    expect(npzSource(bytes, { split: 'train', abnormal }).labels).toEqual([1, 1, 0]);
  });

  it('tells by all labels of an image that has several', () => {
    const bytes = file({ train_labels: npy('|u1', [3, 2], Uint8Array.of(0, 0, 1, 0, 0, 1)) });
    const second = (...findings: number[]) => findings.length === 2 && findings[1] === 1;
    expect(npzSource(bytes, { split: 'train', abnormal: second }).labels).toEqual([0, 0, 1]);
    expect(() => npzSource(bytes, { split: 'train' })).toThrow(
      /\[3, 2\] for 3 images.*'abnormal'.*LABELS_MISMATCH/,
    );
  });

  it.each([28, 64, 128, 224])('reads every part at %i pixels, grey and colour', async (side) => {
    const parts = ['train', 'val', 'test'] as const;
    for (const channels of [1, 3]) {
      const pixels = (part: number) =>
        Uint8Array.from({ length: 2 * side * side * channels }, (_, i) => (i * 31 + part) % 256);
      const shape = channels === 1 ? [2, side, side] : [2, side, side, 3];
      const bytes = npz(
        Object.fromEntries(
          parts.flatMap((part, i) => [
            [`${part}_images`, npy('|u1', shape, pixels(i))],
            [`${part}_labels`, npy('|u1', [2, 1], Uint8Array.of(0, 1))],
          ]),
        ),
      );
      for (const [i, split] of parts.entries()) {
        const source = npzSource(bytes, { split });
        expect([source.length, source.labels]).toEqual([2, [0, 1]]);
        const read = await source.read([1]);
        expect(read.shape).toEqual([side, side, channels]);
        const second = pixels(i).subarray(side * side * channels);
        expect(Buffer.compare(read.pixels as Uint8Array, second)).toBe(0);
      }
    }
  });

  it('says what is wrong with a file', () => {
    const train = { split: 'train' } as const;
    expect(() => npzSource(file(), { split: 'test' })).toThrow(
      /has no 'test_images'; it has train_images, train_labels.*INVALID_IMAGES/,
    );
    const short = file({ train_labels: npy('|u1', [2, 1], Uint8Array.of(0, 1)) });
    expect(() => npzSource(short, train)).toThrow(/\[2, 1\] for 3 images.*LABELS_MISMATCH/);
    const several = file({ train_labels: npy('|u1', [3, 2], new Uint8Array(6)) });
    expect(() => npzSource(several, train)).toThrow(/\[3, 2\] for 3 images.*LABELS_MISMATCH/);
    const none = file({
      train_images: npy('|u1', [0, 2, 2], new Uint8Array(0)),
      train_labels: npy('|u1', [0, 1], new Uint8Array(0)),
    });
    expect(() => npzSource(none, train)).toThrow(/EMPTY_SET/);
    const flat = file({ train_images: npy('|u1', [3, 4], images) });
    expect(() => npzSource(flat, train)).toThrow(/shape \[3, 4\].*INVALID_IMAGES/);
    const signed = file({ train_images: npy('<i4', [3, 1, 1], Int32Array.of(1, 2, 3)) });
    expect(() => npzSource(signed, train)).toThrow(/dtype i4.*INVALID_IMAGES/);
    expect(() => npzSource(file(), { splits: 'train' } as never)).toThrow(/Did you mean 'split'/);
  });
});

const folder = process.env.SALAD_AD_DATA;

describe.skipIf(!folder)('PneumoniaMNIST itself (SALAD_AD_DATA)', () => {
  it('has 4,708 images to train on and 524 to validate', async () => {
    const bytes = readFileSync(`${folder}/pneumoniamnist/pneumoniamnist_trainval.npz`);
    const [train, val] = (['train', 'val'] as const).map((split) => npzSource(bytes, { split }));
    expect([train.length, val.length]).toEqual([4708, 524]);
    const abnormal = Array.from(val.labels!).filter((label) => label === 1).length;
    expect([val.length - abnormal, abnormal]).toEqual([135, 389]);
    expect((await val.read([0])).shape).toEqual([28, 28, 1]);
  });
});
