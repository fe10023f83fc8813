/**
 * The nearest whole number, halves up.
 *
 * A product of decimal shares that is a half on paper may fall short of it in binary (.2 * 86 / .8 is 21.499...96), so an
 * error of 1 in 10^12 is allowed.
 */
export function halfUp(value: number): number {
  return Math.floor(value * (1 + 1e-12) + 0.5);
}
