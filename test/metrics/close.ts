import { expect } from 'vitest';

/** Lists of equal length, entry by entry within 1e-9. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (Math.abs(actual[i] - expected[i]) < 1e-9) continue;
    expect.fail(`entry ${i} is ${actual[i]}; expected ${expected[i]}`);
  }
}
