import { Address } from './address';

/** Partial sums that are added in float32 before they go into a total. */
export const RUN: i32 = 64;

/** Adds float32 sums to totals in float64; writes the totals in their place where they are the last. */
export function addToTotals(sums: Address, totals: Address, count: i32, last: bool): void {
  for (; count > 0; count--) {
    const total = load<f64>(totals) + <f64>load<f32>(sums);
    store<f64>(totals, total);
    if (last) store<f32>(sums, <f32>total);
    sums += 4;
    totals += 8;
  }
}

/** Adds totals in float64 to others. */
export function addTotals(totals: Address, others: Address, count: i32): void {
  for (; count > 0; count--) {
    store<f64>(totals, load<f64>(totals) + load<f64>(others));
    totals += 8;
    others += 8;
  }
}
