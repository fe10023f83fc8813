import { describe, expect, it } from 'vitest';
import { meanIntensityScores, textureScores } from '../../../src/baselines/index.js';
import { localContrast } from '../../../src/images/local-contrast.js';
import { RandomStream } from '../../../src/support/random.js';

describe('textureScores', () => {
  it('takes the Laplacian off the border', () => {
    // one image of 3 x 4; centre pixels .5 and 0: 0+0+0+0-2 = -2 and .5+1+0+0 = 1.5
    const values = Float32Array.of(0, 0, 0, 0, 0, 0.5, 0, 1, 0, 0, 0, 0);
    const { laplacian } = textureScores({ values, shape: [1, 3, 4, 1] });
    expect([...laplacian]).toEqual([-((-2) ** 2 + 1.5 ** 2) / 2]);
  });

  it('takes each channel and each image alone', () => {
    const random = new RandomStream(8);
    const plane = Array.from({ length: 20 }, () => random.uniform());
    const twice = Float32Array.from(plane.flatMap((value) => [value, value]));
    const one = textureScores({ values: Float32Array.from(plane), shape: [1, 4, 5, 1] });
    const channels = textureScores({ values: twice, shape: [1, 4, 5, 2] });
    const batch = textureScores({
      values: Float32Array.from([...plane.map((v) => v / 2), ...plane]),
      shape: [2, 4, 5, 1],
    });
    for (const key of ['localContrast', 'laplacian', 'fineTexture'] as const) {
      expect(channels[key][0]).toBeCloseTo(one[key][0], 12);
      expect(batch[key][1]).toBe(one[key][0]);
      expect(batch[key][0]).toBeGreaterThan(one[key][0]);
    }
  });

  it('is minus the mean absolute local contrast', () => {
    const random = new RandomStream(9);
    const values = Float32Array.from({ length: 64 }, () => random.uniform());
    const contrast = localContrast().apply(values, [1, 8, 8, 1]);
    const mean = contrast.reduce((sum, value) => sum + Math.abs(value), 0) / 64;
    const scores = textureScores({ values, shape: [1, 8, 8, 1] });
    expect(scores.localContrast[0]).toBeCloseTo(-mean, 6);
  });

  it('is what loops in Python make of the formulas', () => {
    const values = Float32Array.from({ length: 30 }, (_, i) => ((7 * i * i + 3 * i) % 23) / 23);
    const scores = textureScores({ values, shape: [1, 5, 6, 1] });
    expect(scores.localContrast[0]).toBeCloseTo(-0.34486261608850793, 6);
    expect(scores.fineTexture[0]).toBeCloseTo(-1.7101213852828632, 6);
  });

  it('is highest, 0, for a flat image', () => {
    const scores = textureScores({ values: new Float32Array(9).fill(0.5), shape: [1, 3, 3, 1] });
    expect(scores.laplacian[0]).toBeCloseTo(0, 15);
    expect(scores.localContrast[0]).toBeCloseTo(0, 6);
    expect(scores.fineTexture[0]).toBeCloseTo(0, 6);
  });

  it('needs images', () => {
    expect(() => textureScores({ values: new Float32Array(8), shape: [1, 3, 3, 1] })).toThrow(
      /SHAPE_MISMATCH/,
    );
    expect(() => textureScores({ values: new Float32Array(8), shape: [1, 2, 4, 1] })).toThrow(
      /SHAPE_MISMATCH/,
    );
  });
});

it('meanIntensityScores averages each image', () => {
  const values = Float32Array.of(0, 0.5, 1, 1);
  expect([...meanIntensityScores({ values, shape: [2, 1, 2, 1] })]).toEqual([0.25, 1]);
});
