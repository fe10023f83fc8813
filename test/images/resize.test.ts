import { describe, expect, it } from 'vitest';
import type { BatchShape } from '../../src/images/pixels.js';
import { type ResizePolicy, resize } from '../../src/images/resize.js';
import { RandomStream } from '../../src/support/random.js';

const noise = (shape: BatchShape) => {
  const random = new RandomStream(11);
  return Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.uniform());
};

const stretch = (method: ResizePolicy['method']): ResizePolicy => ({ method, fit: 'stretch' });

/** Every output pixel over every input pixel, weighted by the definition in two dimensions. */
function naive(
  values: Float32Array,
  [count, height, width, channels]: BatchShape,
  [outHeight, outWidth]: readonly [number, number],
  method: ResizePolicy['method'],
): number[] {
  const area = (i: number, j: number, from: number, to: number) => {
    const step = from / to;
    return Math.max(0, Math.min(j + 1, (i + 1) * step) - Math.max(j, i * step)) / step;
  };
  const bilinear = (i: number, j: number, from: number, to: number) => {
    const centre = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    return Math.max(0, 1 - Math.abs(centre - j));
  };
  const weight = method === 'area' ? area : bilinear;
  const out: number[] = [];
  for (let b = 0; b < count; b++)
    for (let y = 0; y < outHeight; y++)
      for (let x = 0; x < outWidth; x++)
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (let v = 0; v < height; v++)
            for (let u = 0; u < width; u++)
              sum +=
                weight(y, v, height, outHeight) *
                weight(x, u, width, outWidth) *
                values[((b * height + v) * width + u) * channels + c];
          out.push(sum);
        }
  return out;
}

describe('resize', () => {
  it('averages boxes where the sizes divide', () => {
    const values = Float32Array.of(1, 3, 10, 20, 5, 7, 30, 40);
    expect([...resize(values, [1, 2, 4, 1], [1, 2], stretch('area'))]).toEqual([
      (1 + 3 + 5 + 7) / 4,
      (10 + 20 + 30 + 40) / 4,
    ]);
  });

  it('takes half a pixel with half its weight', () => {
    // Three pixels onto two: each output covers one and a half.
    const result = resize(Float32Array.of(3, 6, 12), [1, 1, 3, 1], [1, 2], stretch('area'));
    expect([...result]).toEqual([(3 + 6 / 2) / 1.5, (6 / 2 + 12) / 1.5]);
  });

  it('reads between pixel centres and repeats the border', () => {
    const result = resize(Float32Array.of(0, 4), [1, 1, 2, 1], [1, 4], stretch('bilinear'));
    expect([...result]).toEqual([0, 1, 3, 4]);
  });

  const grid: [BatchShape, readonly [number, number]][] = [
    [
      [1, 1, 1, 1],
      [1, 1],
    ],
    [
      [1, 1, 1, 1],
      [3, 2],
    ],
    [
      [2, 6, 4, 1],
      [3, 2],
    ],
    [
      [2, 7, 5, 3],
      [3, 4],
    ],
    [
      [1, 3, 4, 2],
      [7, 9],
    ],
    [
      [1, 9, 2, 1],
      [4, 5],
    ],
  ];
  it.each(
    grid.flatMap(([shape, size]) =>
      (['area', 'bilinear'] as const).map((method) => ({ shape, size, method })),
    ),
  )('equals the naive loops: $shape to $size by $method', ({ shape, size, method }) => {
    const values = noise(shape);
    const result = resize(values, shape, size, stretch(method));
    const expected = naive(values, shape, size, method);
    expect(result.length).toBe(expected.length);
    for (let i = 0; i < expected.length; i++) expect(result[i]).toBeCloseTo(expected[i], 6);
  });

  it('keeps a constant, and the mean under area', () => {
    const constant = new Float32Array(35).fill(0.3);
    for (const method of ['area', 'bilinear'] as const)
      for (const value of resize(constant, [1, 7, 5, 1], [4, 6], stretch(method)))
        expect(value).toBeCloseTo(0.3, 6);
    const values = noise([1, 13, 11, 1]);
    const mean = (v: Float32Array) => v.reduce((a, b) => a + b) / v.length;
    expect(mean(resize(values, [1, 13, 11, 1], [5, 4], stretch('area')))).toBeCloseTo(
      mean(values),
      6,
    );
  });

  it('pads with black, centred, keeping the aspect ratio', () => {
    const wide = new Float32Array(2 * 8).fill(1);
    const result = resize(wide, [1, 2, 8, 1], [4, 4], { method: 'area', fit: 'pad' });
    // 2 x 8 halves to 1 x 4; three rows are left, one above and two below.
    expect([...result]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    const line = resize(new Float32Array(40).fill(1), [1, 40, 1, 1], [4, 4], {
      method: 'area',
      fit: 'pad',
    });
    expect(line.reduce((a, b) => a + b)).toBe(4);
  });

  it('refuses a frame of no pixels, and values of another shape', () => {
    const policy = { method: 'area', fit: 'pad' } as const;
    const values = new Float32Array(4);
    expect(() => resize(values, [1, 2, 2, 1], [0, 2], policy)).toThrow(/^resize: size\[0\] is 0/);
    expect(() => resize(values, [1, 2, 3, 1], [2, 2], policy)).toThrow(/SHAPE_MISMATCH/);
  });

  it('refuses a policy it does not know', () => {
    const values = new Float32Array(4);
    const to = (policy: unknown) => resize(values, [1, 2, 2, 1], [1, 1], policy as ResizePolicy);
    expect(() => to({ method: 'cubic', fit: 'pad' })).toThrow(/method is 'cubic'.*INVALID_OPTION/);
    expect(() => to({ method: 'area', fit: 'crop' })).toThrow(/fit is 'crop'/);
    expect(() => to({ method: 'area', fill: 'pad' })).toThrow(/unknown option 'fill'/);
  });
});
