import { Address } from './address';

/** Means and sums of squared deviations from them of the columns of a block, of a multiple of sixteen columns. */
export function momentsOfRows(
  x: usize,
  rows: i32,
  columns: i32,
  means: usize,
  deviations: usize,
): void {
  const rowBytes = (<usize>columns) << 2;
  const weight = f32x4.splat(<f32>1 / <f32>rows);
  for (let i: usize = 0; i < rowBytes; i += 64) {
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    let from = x + i;
    for (let r = rows; r > 0; r--) {
      s0 = f32x4.add(s0, v128.load(from));
      s1 = f32x4.add(s1, v128.load(from, 16));
      s2 = f32x4.add(s2, v128.load(from, 32));
      s3 = f32x4.add(s3, v128.load(from, 48));
      from += rowBytes;
    }
    const m0 = f32x4.mul(s0, weight);
    const m1 = f32x4.mul(s1, weight);
    const m2 = f32x4.mul(s2, weight);
    const m3 = f32x4.mul(s3, weight);
    s0 = f32x4.splat(0);
    s1 = f32x4.splat(0);
    s2 = f32x4.splat(0);
    s3 = f32x4.splat(0);
    from = x + i;
    for (let r = rows; r > 0; r--) {
      s0 = f32x4.add(s0, squared(f32x4.sub(v128.load(from), m0)));
      s1 = f32x4.add(s1, squared(f32x4.sub(v128.load(from, 16), m1)));
      s2 = f32x4.add(s2, squared(f32x4.sub(v128.load(from, 32), m2)));
      s3 = f32x4.add(s3, squared(f32x4.sub(v128.load(from, 48), m3)));
      from += rowBytes;
    }
    v128.store(means + i, m0);
    v128.store(means + i, m1, 16);
    v128.store(means + i, m2, 32);
    v128.store(means + i, m3, 48);
    v128.store(deviations + i, s0);
    v128.store(deviations + i, s1, 16);
    v128.store(deviations + i, s2, 32);
    v128.store(deviations + i, s3, 48);
  }
}

// @ts-expect-error: a decorator of AssemblyScript
@inline
function squared(v: v128): v128 {
  return f32x4.mul(v, v);
}

/**
 * Merges means and squared deviations of `some` values a channel with those of the `count` before.
 *
 * Source: Chan, Golub & LeVeque, "Updating formulae and a pairwise algorithm for computing sample
 * variances" (1979).
 *
 * @param state pairs of float64, mean and sum of squared deviations, one a channel.
 */
export function mergeMoments(
  state: usize,
  channels: i32,
  count: i32,
  means: usize,
  deviations: usize,
  some: i32,
): void {
  const weight = <f64>some / <f64>(count + some);
  for (let c = 0; c < channels; c++) {
    const at = (<usize>c) << 2;
    const mean = load<f64>(state);
    const step = <f64>load<f32>(means + at) - mean;
    const between = step * step * weight * <f64>count;
    store<f64>(state, mean + step * weight);
    store<f64>(state, load<f64>(state, 8) + <f64>load<f32>(deviations + at) + between, 8);
    state += 16;
  }
}

/** Merges the moments of two sets of pixels, `count` and `some` of them, into the first. @param state as in `mergeMoments`. */
export function mergeStates(
  state: Address,
  count: i32,
  other: Address,
  some: i32,
  channels: i32,
): void {
  const weight = <f64>some / <f64>(count + some);
  for (let c = 0; c < channels; c++) {
    const mean = load<f64>(state);
    const step = load<f64>(other) - mean;
    const between = step * step * weight * <f64>count;
    store<f64>(state, mean + step * weight);
    store<f64>(state, load<f64>(state, 8) + load<f64>(other, 8) + between, 8);
    state += 16;
    other += 16;
  }
}
