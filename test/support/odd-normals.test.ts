import { describe, expect, it } from 'vitest';
import { oddFence } from '../../src/support/odd-normals.js';
import { RandomStream } from '../../src/support/random.js';

const ascending = (scores: number[]) => scores.sort((a, b) => a - b);

describe('oddFence', () => {
  it('lies robust deviations above the median, by the upper half', () => {
    // Median 5.5; above it .5, 1.5, 2.5, 3.5 and 94.5, whose median is 2.5.
    expect(oddFence([1, 2, 3, 4, 5, 6, 7, 8, 9, 100], 3)).toBeCloseTo(5.5 + 3 * 1.4826 * 2.5, 12);
    // numpy: np.median, np.median(s[s >= 5] - 5) = 2.
    const digits = ascending([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 90]);
    expect(oddFence(digits, 3)).toBeCloseTo(13.8956, 12);
    expect(oddFence(digits, 2)).toBeCloseTo(10.9304, 12);
  });

  it('is nowhere where half of the scores are the same, or there is one', () => {
    expect(oddFence([2, 2, 2, 2, 9], 3)).toBe(Number.POSITIVE_INFINITY);
    expect(oddFence([2], 3)).toBe(Number.POSITIVE_INFINITY);
  });

  it('does not move with what lies beyond it', () => {
    const near = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100];
    expect(oddFence([...near.slice(0, 9), 1e9], 3)).toBe(oddFence(near, 3));
  });

  it.each([
    // 1 - Phi(3); exp(-(ln 2 + 3 * 1.4826 * ln 2)).
    ['a normal distribution', (random: RandomStream) => random.gaussian(), 0.00135],
    ['an exponential one', (random: RandomStream) => -Math.log(1 - random.uniform()), 0.0229],
  ])('leaves little out of %s', (_, draw, share) => {
    const random = new RandomStream(2, ['odd']);
    const scores = ascending(Array.from({ length: 100_000 }, () => draw(random)));
    const fence = oddFence(scores, 3);
    const beyond = scores.filter((score) => score > fence).length / scores.length;
    expect(Math.abs(beyond - share)).toBeLessThan(0.0015);
  });
});
