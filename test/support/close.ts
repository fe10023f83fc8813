import { expect } from 'vitest';

/** Lists of equal length, entry by entry within `tolerance`. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 1e-9,
): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (Math.abs(actual[i] - expected[i]) <= tolerance) continue;
    expect.fail(`entry ${i} is ${actual[i]}; expected ${expected[i]}`);
  }
}
