import { describe, expect, it } from 'vitest';
import {
  type Augmentation,
  augment,
  chestAugmentation,
  noAugmentation,
} from '../../src/images/augmentation.js';
import type { BatchShape } from '../../src/images/pixels.js';
import { RandomStream } from '../../src/support/random.js';

const streams = (seed: number) => (image: number) => new RandomStream(seed, ['augment', image]);

/** A stream whose uniform draws are the given ones, then one half (no change). */
const fixed = (...draws: number[]) => {
  const stream = new RandomStream(0);
  stream.uniform = () => draws.shift() ?? 0.5;
  return () => stream;
};

const noise = (shape: BatchShape) => {
  const random = new RandomStream(5);
  return Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.uniform());
};

const everything: Augmentation = {
  shift: 0.2,
  rotation: 30,
  scale: 0.3,
  brightness: 0.1,
  contrast: 0.2,
  noise: 0.05,
  horizontalFlip: true,
};

// The order of draws: shift x, shift y, rotation, scale, mirror, contrast, brightness.
describe('augment', () => {
  const row = Float32Array.of(1, 2, 4, 8);

  it('leaves images alone where nothing is switched on', () => {
    const values = noise([3, 5, 4, 2]);
    expect(augment(values, [3, 5, 4, 2], streams(1), noAugmentation)).toEqual(values);
    expect(augment(values, [3, 5, 4, 2], streams(1), {})).toEqual(values);
  });

  it('shifts by a fraction of the width and repeats the border', () => {
    // 2 * .75 - 1 = one half of the limit .5, of 4 pixels: one to the right.
    expect([...augment(row, [1, 1, 4, 1], fixed(0.75), { shift: 0.5 })]).toEqual([1, 1, 2, 4]);
    // A quarter of the limit .5 is half a pixel: the mean of two.
    expect([...augment(row, [1, 1, 4, 1], fixed(0.625), { shift: 0.5 })]).toEqual([1, 1.5, 3, 6]);
    // Downwards it counts in widths too: .125 * 4 columns = half a row.
    const column = Float32Array.of(1, 1, 1, 1, 3, 3, 3, 3);
    expect([...augment(column, [1, 2, 4, 1], fixed(0.5, 0.625), { shift: 0.5 })]).toEqual([
      1, 1, 1, 1, 2, 2, 2, 2,
    ]);
  });

  it('turns about the centre', () => {
    // 2 * .75 - 1 = half of 180 degrees; the first row goes down the right-hand side.
    const values = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
    const turned = augment(values, [1, 3, 3, 1], fixed(0.5, 0.5, 0.75), { rotation: 180 });
    [7, 4, 1, 8, 5, 2, 9, 6, 3].forEach((expected, i) => {
      expect(turned[i]).toBeCloseTo(expected, 5);
    });
  });

  it('grows by exp(s)', () => {
    // 2 * .75 - 1 = half of the limit 1: sqrt(e) times as large, so a pixel comes from 1 / sqrt(e) as far out.
    const line = Float32Array.of(0, 1, 2, 3);
    const grown = augment(line, [1, 1, 4, 1], fixed(0.5, 0.5, 0.5, 0.75), { scale: 1 });
    [-1.5, -0.5, 0.5, 1.5].forEach((x, i) => {
      expect(grown[i]).toBeCloseTo(1.5 + x / Math.exp(0.5), 6);
    });
  });

  it('mirrors when asked to', () => {
    const mirrored = augment(row, [1, 1, 4, 1], fixed(0.5, 0.5, 0.5, 0.5, 0.4), {
      horizontalFlip: true,
    });
    expect([...mirrored]).toEqual([8, 4, 2, 1]);
    expect(
      augment(row, [1, 1, 4, 1], fixed(0.5, 0.5, 0.5, 0.5, 0.4), { horizontalFlip: false }),
    ).toEqual(row);
  });

  it('spreads about the mean, then lifts', () => {
    const values = Float32Array.of(0, 1, 2, 5);
    const toned = augment(values, [1, 1, 4, 1], fixed(0.5, 0.5, 0.5, 0.5, 0.5, 0.75, 1), {
      contrast: 1,
      brightness: 0.25,
    });
    [-2, -1, 0, 3].forEach((deviation, i) => {
      expect(toned[i]).toBeCloseTo(2 + deviation * Math.exp(0.5) + 0.25, 5);
    });
  });

  it('adds noise of the given spread', () => {
    const noisy = augment(new Float32Array(4096), [1, 64, 64, 1], streams(3), { noise: 0.2 });
    const mean = noisy.reduce((a, b) => a + b) / 4096;
    const variance = noisy.reduce((a, b) => a + (b - mean) ** 2, 0) / 4096;
    // Four standard errors: 4 * .2 / sqrt(4096) and 4 * .2 / sqrt(2 * 4096).
    expect(Math.abs(mean)).toBeLessThan(0.0125);
    expect(Math.abs(Math.sqrt(variance) - 0.2)).toBeLessThan(0.0089);
  });

  it('is the affine map it says, drawn within its limits', () => {
    // On the ramps x and y the interpolation is exact, so an augmented ramp shows the map itself.
    const side = 33;
    const ramps = new Float32Array(side * side * 2);
    for (let i = 0; i < side * side; i++) {
      ramps[2 * i] = (i % side) / side;
      ramps[2 * i + 1] = Math.floor(i / side) / side;
    }
    const many = 200;
    let largestShift = 0;
    let largestTurn = 0;
    let largestScale = 0;
    for (let seed = 0; seed < many; seed++) {
      const out = augment(ramps, [1, side, side, 2], streams(seed), chestAugmentation);
      const at = (y: number, x: number, c: number) => out[2 * (y * side + x) + c] * side;
      const middle = (side - 1) / 2;
      // Differences over the inner pixels, which no border touches.
      const a = (at(middle, middle + 4, 0) - at(middle, middle - 4, 0)) / 8;
      const c = (at(middle, middle + 4, 1) - at(middle, middle - 4, 1)) / 8;
      const b = (at(middle + 4, middle, 0) - at(middle - 4, middle, 0)) / 8;
      const d = (at(middle + 4, middle, 1) - at(middle - 4, middle, 1)) / 8;
      expect(a).toBeCloseTo(d, 4);
      expect(b).toBeCloseTo(-c, 4);
      const u = at(middle, middle, 0) - middle;
      const v = at(middle, middle, 1) - middle;
      // The shift of the image is minus the inverse map of the offset seen at the centre.
      const size = a * d - b * c;
      largestShift = Math.max(
        largestShift,
        Math.abs((d * u - b * v) / size) / side,
        Math.abs((a * v - c * u) / size) / side,
      );
      largestTurn = Math.max(largestTurn, Math.abs((Math.atan2(c, a) * 180) / Math.PI));
      largestScale = Math.max(largestScale, Math.abs(Math.log(Math.hypot(a, c))));
    }
    const nearly = (value: number, limit: number) => {
      expect(value).toBeLessThan(limit * 1.001);
      expect(value).toBeGreaterThan(limit * 0.95);
    };
    nearly(largestShift, 0.06);
    nearly(largestTurn, 8);
    nearly(largestScale, 0.08);
  });

  it('depends on the stream of the image alone', () => {
    const shape = [4, 9, 7, 2] as const;
    const values = noise(shape);
    const before = values.slice();
    const together = augment(values, shape, streams(2), everything);
    expect(augment(values, shape, streams(2), everything)).toEqual(together);
    expect(augment(values, shape, streams(3), everything)).not.toEqual(together);
    expect(values).toEqual(before);
    for (let i = 0; i < 4; i++) {
      const one = augment(
        values.slice(i * 126, i * 126 + 126),
        [1, 9, 7, 2],
        () => streams(2)(i),
        everything,
      );
      expect(together.slice(i * 126, i * 126 + 126)).toEqual(one);
    }
  });

  it('draws the same map whatever else is switched on', () => {
    const values = noise([1, 9, 9, 1]);
    const still = augment(values, [1, 9, 9, 1], streams(4), { shift: 0.1, rotation: 10 });
    const lifted = augment(values, [1, 9, 9, 1], streams(4), {
      shift: 0.1,
      rotation: 10,
      brightness: 1,
    });
    const lift = lifted[0] - still[0];
    expect(lift).not.toBe(0);
    for (let i = 0; i < 81; i++) expect(lifted[i] - still[i]).toBeCloseTo(lift, 5);
  });

  it('has frozen defaults and refuses what is out of range', () => {
    expect(chestAugmentation).toEqual({
      shift: 0.06,
      rotation: 8,
      scale: 0.08,
      brightness: 0,
      contrast: 0,
      noise: 0,
      horizontalFlip: false,
    });
    expect(Object.isFrozen(chestAugmentation) && Object.isFrozen(noAugmentation)).toBe(true);
    const by = (options: object) => () => augment(row, [1, 1, 4, 1], streams(1), options);
    expect(by({ shift: 1.5 })).toThrow(/shift is 1.5.*INVALID_OPTION/);
    expect(by({ scale: undefined })).toThrow(/scale is undefined.*INVALID_OPTION/);
    expect(by({ horizontalFlip: 'false' })).toThrow(/horizontalFlip is "false".*INVALID_OPTION/);
    expect(by({ rotate: 5 })).toThrow(/Did you mean 'rotation'|UNKNOWN_OPTION/);
    expect(by({ noise: Number.NaN })).toThrow(/INVALID_OPTION/);
  });
});
