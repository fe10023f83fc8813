import { describe, expect, it } from 'vitest';
import { equalize } from '../../src/images/equalize.js';
import {
  customNormalization,
  type ImageNormalization,
  none,
} from '../../src/images/image-normalization.js';
import { localContrast } from '../../src/images/local-contrast.js';
import { normalizationFromJSON } from '../../src/images/normalization-from-json.js';
import type { BatchShape } from '../../src/images/pixels.js';
import { RandomStream } from '../../src/support/random.js';
import golden from '../fixtures/golden-cases.json' with { type: 'json' };
import { expectClose } from '../support/close.js';

const noise = (shape: BatchShape, seed = 3) => {
  const random = new RandomStream(seed);
  return Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.uniform());
};

/** Entry by entry from the definition: four nested loops over the box. */
function naiveLocalContrast(values: Float32Array, shape: BatchShape, radius: number): number[] {
  const [count, height, width, channels] = shape;
  const mirror = (i: number, n: number): number => {
    let at = i;
    while (n > 1 && (at < 0 || at >= n)) at = at < 0 ? -at : 2 * (n - 1) - at;
    return n > 1 ? at : 0;
  };
  const out: number[] = new Array(values.length);
  for (let b = 0; b < count; b++) {
    for (let c = 0; c < channels; c++) {
      const at = (y: number, x: number) =>
        ((b * height + mirror(y, height)) * width + mirror(x, width)) * channels + c;
      const mean = (y: number, x: number, f: (y: number, x: number) => number) => {
        let sum = 0;
        for (let dy = -radius; dy <= radius; dy++)
          for (let dx = -radius; dx <= radius; dx++)
            sum += f(mirror(y + dy, height), mirror(x + dx, width));
        return sum / (2 * radius + 1) ** 2;
      };
      const deviation = (y: number, x: number) =>
        values[at(y, x)] - mean(y, x, (v, u) => values[at(v, u)]);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const v = mean(y, x, (i, j) => deviation(i, j) ** 2);
          const contrast = (0.5 * deviation(y, x)) / (Math.sqrt(v) + 0.05);
          out[at(y, x)] = Math.max(-1.5, Math.min(1.5, contrast));
        }
      }
    }
  }
  return out;
}

describe('localContrast', () => {
  const cases = golden.cases.filter((c) => c.kind === 'localContrast') as unknown as {
    name: string;
    inputs: { images: number[][][][]; radius: number };
    expect: { images: number[][][][] };
  }[];
  it('has golden cases', () => expect(cases.length).toBeGreaterThanOrEqual(3));
  it.each(cases)('golden $name', ({ inputs, expect: expected }) => {
    const { images, radius } = inputs;
    const shape = [images.length, images[0].length, images[0][0].length, 1] as const;
    const values = Float32Array.from(images.flat(3));
    expectClose(localContrast({ radius }).apply(values, shape), expected.images.flat(3), 1e-6);
  });

  it.each([
    [[1, 1, 1, 1], 1],
    [[1, 1, 5, 1], 2],
    [[2, 5, 4, 3], 1],
    [[1, 4, 4, 1], 3],
    [[1, 4, 3, 2], 9],
  ] as [BatchShape, number][])('equals the naive loops at %j, radius %i', (shape, radius) => {
    const values = noise(shape);
    expectClose(
      localContrast({ radius }).apply(values, shape),
      naiveLocalContrast(values, shape, radius),
      1e-6,
    );
  });

  it.each([
    [32, 6],
    [8, 2], // 1.5 rounds up
    [64, 12],
  ])('takes 6/32 of the shorter side unless told: %i px, radius %i', (side, radius) => {
    const shape = [1, side + 3, side, 1] as const;
    const values = noise(shape);
    expect(localContrast().apply(values, shape)).toEqual(
      localContrast({ radius }).apply(values, shape),
    );
  });

  it('makes a constant image 0 and does not see brightness', () => {
    const shape = [1, 6, 7, 1] as const;
    expectClose(
      localContrast().apply(new Float32Array(42).fill(0.3), shape),
      new Array(42).fill(0),
      1e-6,
    );
    const values = noise(shape).map((v) => v / 2);
    const brighter = values.map((v) => v + 0.25);
    expectClose(localContrast().apply(brighter, shape), localContrast().apply(values, shape), 1e-5);
  });

  it('clamps a lone bright pixel to 1.5', () => {
    const shape = [1, 21, 21, 1] as const;
    const values = new Float32Array(441);
    values[220] = 1;
    // m = 1/441, v is below 1/441: (1 - m) / (sqrt(v) + .05) * .5 is above 5.
    expect(localContrast({ radius: 10 }).apply(values, shape)[220]).toBe(1.5);
  });

  it('refuses a radius that is not a whole number of at least 1', () => {
    expect(() => localContrast({ radius: 0 })).toThrow(/radius is 0.*INVALID_OPTION/);
    expect(() => localContrast({ radii: 3 } as never)).toThrow(/Did you mean 'radius'/);
  });
});

/** Each value's mean rank among those of its image and channel, counted one by one. */
function naiveEqualize(values: Float32Array, [, height, width, channels]: BatchShape): number[] {
  const size = height * width;
  return Array.from(values, (value, at) => {
    const image = Math.floor(at / (size * channels));
    const others = Array.from(
      { length: size },
      (_, i) => values[(image * size + i) * channels + (at % channels)],
    );
    const below = others.filter((other) => other < value).length;
    const equal = others.filter((other) => other === value).length;
    return size > 1 ? (2 * (below + (equal - 1) / 2)) / (size - 1) - 1 : 0;
  });
}

describe('equalize', () => {
  it.each<[number, number, number, number]>([
    [1, 1, 1, 1],
    [2, 3, 1, 2],
    [1, 7, 9, 3],
    [2, 16, 16, 1],
  ])('equals counting at [%i,%i,%i,%i], with values of both signs and both zeros', (...shape) => {
    const random = new RandomStream(1, shape);
    const length = shape.reduce((a, b) => a * b);
    const few = Float32Array.from(
      { length },
      () => (random.integer(7) - 3) * (random.integer(2) - 0.5),
    );
    const many = few.map((value) => value * (1 + random.uniform()) * 1e-20 ** random.integer(3));
    for (const values of [few, many]) {
      const expected = naiveEqualize(values, shape);
      equalize()
        .apply(values, shape)
        .forEach((level, i) => {
          expect(level).toBeCloseTo(expected[i], 6);
        });
    }
  });

  it('gives ranks from -1 to 1, ties the mean of their ranks', () => {
    // Ranks of .2 .9 .5 .5 .1 are 1, 4, 2.5, 2.5, 0; of four steps, each is worth one half.
    const result = equalize().apply(Float32Array.of(0.2, 0.9, 0.5, 0.5, 0.1), [1, 1, 5, 1]);
    expect([...result]).toEqual([1 / 2 - 1, 4 / 2 - 1, 2.5 / 2 - 1, 2.5 / 2 - 1, -1]);
  });

  it('treats every image and channel alone', () => {
    const values = Float32Array.of(0.1, 0.9, 0.2, 0.8, /* */ 0.6, 0.5, 0.5, 0.6);
    expect([...equalize().apply(values, [2, 1, 2, 2])]).toEqual([-1, 1, 1, -1, 1, -1, -1, 1]);
  });

  it('makes a constant image 0 and ignores a rising curve of brightness', () => {
    expect([...equalize().apply(new Float32Array(6).fill(0.4), [1, 2, 3, 1])]).toEqual(
      new Array(6).fill(0),
    );
    expect([...equalize().apply(Float32Array.of(0.4), [1, 1, 1, 1])]).toEqual([0]);
    const values = noise([2, 5, 5, 1]);
    expect(equalize().apply(values.map(Math.sqrt), [2, 5, 5, 1])).toEqual(
      equalize().apply(values, [2, 5, 5, 1]),
    );
  });
});

describe('every normalisation', () => {
  const all: [string, ImageNormalization][] = [
    ['none', none()],
    ['equalize', equalize()],
    ['localContrast', localContrast()],
    ['custom', customNormalization({ name: 'halves', apply: (v) => v.map((x) => x / 2) })],
  ];
  it.each(all)('%s leaves its input, and treats a batch as its images one by one', (_, method) => {
    const shape = [3, 6, 5, 2] as const;
    const values = noise(shape);
    const before = values.slice();
    const together = method.apply(values, shape);
    expect(values).toEqual(before);
    expect(together).not.toBe(values);
    for (let image = 0; image < 3; image++) {
      const one = method.apply(values.slice(image * 60, image * 60 + 60), [1, 6, 5, 2]);
      expect(together.slice(image * 60, image * 60 + 60)).toEqual(one);
    }
  });
  it.each(all)('%s refuses values that do not fill the shape', (_, method) => {
    expect(() => method.apply(new Float32Array(11), [1, 3, 4, 1])).toThrow(
      /got 11 values for shape \[1, 3, 4, 1\]; expected 12.*SHAPE_MISMATCH/,
    );
  });
  it.each([none(), equalize(), localContrast(), localContrast({ radius: 2 })])(
    '$name $options comes back from JSON',
    (method) => {
      const back = normalizationFromJSON(JSON.parse(JSON.stringify(method)));
      const shape = [1, 8, 8, 1] as const;
      expect(back.name).toBe(method.name);
      expect(back.options).toEqual(method.options);
      expect(back.apply(noise(shape), shape)).toEqual(method.apply(noise(shape), shape));
    },
  );
});

describe('customNormalization', () => {
  const custom = customNormalization({ name: 'mine', apply: (values) => values.slice() });
  it('must be handed in again on load', () => {
    const saved = JSON.parse(JSON.stringify(custom));
    expect(() => normalizationFromJSON(saved)).toThrow(/'mine' is not .*hand it in again/);
    expect(normalizationFromJSON(saved, custom)).toBe(custom);
    expect(() => normalizationFromJSON({ name: 'equalize', options: {} }, custom)).toThrow(
      /trained with the image normalisation 'equalize' but 'mine' was given/,
    );
  });
  it('may not change the number of values nor take a name of the library', () => {
    const cut = customNormalization({ name: 'cut', apply: (values) => values.slice(1) });
    expect(() => cut.apply(new Float32Array(4), [1, 2, 2, 1])).toThrow(/cut: returned 3 values/);
    expect(() => customNormalization({ name: 'equalize', apply: (v) => v })).toThrow(
      /INVALID_OPTION/,
    );
  });
});
