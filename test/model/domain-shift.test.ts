import { expect, it } from 'vitest';
import { warnOfShift } from '../../src/model/domain-shift.js';

/** Whether it is told that `beyond` of so many images lie above all validation normals. */
function isTold(beyond: number, images: number, normalCount: number): boolean {
  const normalized = Float32Array.from({ length: images }, (_, i) => (i < beyond ? 1 : 0.5));
  const decisionThreshold = { chosenBy: 'falseAlarmRate', value: 1, quantile: 0.95, normalCount };
  let told = false;
  warnOfShift('score', { normalized, decisionThreshold } as never, {}, () => {
    told = true;
  });
  return told;
}

// The share of the C(m + n, k) choices of the k highest that are all among the m: C(m, k) / C(m + n, k).
it.each([
  [3, 5, 3, 10 / 56, false],
  [5, 5, 3, 1 / 56, false],
  [3, 5, 10, 10 / 455, false],
  [5, 5, 10, 1 / 3003, true],
  [3, 5, 20, 10 / 2300, true],
  [7, 12, 26, 792 / 12620256, true],
])('%i of %i images beside %i validation normals', (beyond, images, normals, chance, told) => {
  expect(chance < 0.01).toBe(told);
  expect(isTold(beyond, images, normals)).toBe(told);
});

it('half of the images, or fewer than five, are none', () => {
  expect(isTold(5, 10, 1000)).toBe(false);
  expect(isTold(4, 4, 1000)).toBe(false);
});
