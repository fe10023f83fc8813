/*
 * Winograd's convolution of one dimension by the points 0, +-a, +-b and infinity, a = 5/8 and b = 3/2, which lose fewest digits
 * of those whose powers float32 holds exactly. Each function takes four channels at a time.
 *
 *     y = A' [ (G g) * (B' d) ]        * the product of each place
 */

// The powers of a and b that the matrices are made of.
const A: f32 = 0.625;
const B: f32 = 1.5;
const AA: f32 = 0.390625;
const BB: f32 = 2.25;
const AAA: f32 = 0.244140625;
const BBB: f32 = 3.375;
/** a a + b b, and a a b b. */
const SUM: f32 = 2.640625;
const PRODUCT: f32 = 0.87890625;
/** One over the product of a point's distances from the other finite ones: with 0 among them, and without. */
const AT_A: f32 = <f32>(1.0 / -1.45263671875);
const AT_B: f32 = <f32>(1.0 / 8.3671875);
const AT_A_WITHOUT: f32 = <f32>(1.0 / -2.32421875);
const AT_B_WITHOUT: f32 = <f32>(1.0 / 5.578125);

// @ts-ignore: a decorator of AssemblyScript
@inline
function times(v: v128, factor: f32): v128 {
  return f32x4.mul(v, f32x4.splat(factor));
}

/** The rows of B' of a, -a, b and -b, for four values; each is stored `t` bytes after the one before. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function finitePoints(d0: v128, d1: v128, d2: v128, d3: v128, to: usize, t: usize): void {
  const even = f32x4.sub(d3, times(d1, BB));
  const odd = times(f32x4.sub(d2, times(d0, BB)), A);
  v128.store(to, f32x4.add(even, odd));
  v128.store(to + t, f32x4.sub(even, odd));
  const otherEven = f32x4.sub(d3, times(d1, AA));
  const otherOdd = times(f32x4.sub(d2, times(d0, AA)), B);
  v128.store(to + 2 * t, f32x4.add(otherEven, otherOdd));
  v128.store(to + 3 * t, f32x4.sub(otherEven, otherOdd));
}

/** The row of B' of infinity, and that of 0. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function outerPoint(d0: v128, d2: v128, d4: v128): v128 {
  return f32x4.add(f32x4.sub(d4, times(d2, SUM)), times(d0, PRODUCT));
}

/** B' d of six values, `s` bytes apart, for three taps: the points 0, a, -a, b, -b, infinity. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function sixPoints(from: usize, s: usize, to: usize, t: usize): void {
  const d0 = v128.load(from);
  const d1 = v128.load(from + s);
  const d2 = v128.load(from + 2 * s);
  const d3 = v128.load(from + 3 * s);
  const d4 = v128.load(from + 4 * s);
  const d5 = v128.load(from + 5 * s);
  v128.store(to, outerPoint(d0, d2, d4));
  finitePoints(d1, d2, d3, d4, to + t, t);
  v128.store(to + 5 * t, outerPoint(d1, d3, d5));
}

/**
 * B' d of nine values, for three taps that move by two: five even values for the outer taps, by the points a, -a, b, -b and
 * infinity (written to `last`), and four odd ones for the tap in the middle, by the same points without infinity.
 *
 * @param odd bytes from what the even values are brought to, to what the odd ones are.
 */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function ninePoints(from: usize, s: usize, to: usize, t: usize, odd: usize, last: usize): void {
  const d0 = v128.load(from);
  const d2 = v128.load(from + 2 * s);
  const d4 = v128.load(from + 4 * s);
  const d6 = v128.load(from + 6 * s);
  finitePoints(d0, d2, d4, d6, to, t);
  v128.store(last, outerPoint(d0, d4, v128.load(from + 8 * s)));
  const d1 = v128.load(from + s);
  const d3 = v128.load(from + 3 * s);
  const d5 = v128.load(from + 5 * s);
  const d7 = v128.load(from + 7 * s);
  finitePoints(d1, d3, d5, d7, to + odd, t);
}

/** G g of three taps: the points of `sixPoints`. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function sixTaps(g0: v128, g1: v128, g2: v128, to: usize, t: usize): void {
  v128.store(to, times(g0, <f32>(1.0 / 0.87890625)));
  const even = times(f32x4.add(g0, times(g2, AA)), AT_A);
  const odd = times(g1, A * AT_A);
  v128.store(to + t, f32x4.add(even, odd));
  v128.store(to + 2 * t, f32x4.sub(even, odd));
  const otherEven = times(f32x4.add(g0, times(g2, BB)), AT_B);
  const otherOdd = times(g1, B * AT_B);
  v128.store(to + 3 * t, f32x4.add(otherEven, otherOdd));
  v128.store(to + 4 * t, f32x4.sub(otherEven, otherOdd));
  v128.store(to + 5 * t, g2);
}

/** G g of three taps: those of `ninePoints`. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function nineTaps(
  g0: v128,
  g1: v128,
  g2: v128,
  to: usize,
  t: usize,
  odd: usize,
  last: usize,
): void {
  const first = times(g0, AT_A_WITHOUT);
  const second = times(g2, A * AT_A_WITHOUT);
  v128.store(to, f32x4.add(first, second));
  v128.store(to + t, f32x4.sub(second, first));
  const otherFirst = times(g0, AT_B_WITHOUT);
  const otherSecond = times(g2, B * AT_B_WITHOUT);
  v128.store(to + 2 * t, f32x4.add(otherFirst, otherSecond));
  v128.store(to + 3 * t, f32x4.sub(otherSecond, otherFirst));
  v128.store(last, g2);
  const middle = times(g1, AT_A_WITHOUT);
  const otherMiddle = times(g1, AT_B_WITHOUT);
  v128.store(to + odd, middle);
  v128.store(to + odd + t, f32x4.neg(middle));
  v128.store(to + odd + 2 * t, otherMiddle);
  v128.store(to + odd + 3 * t, f32x4.neg(otherMiddle));
}

/** A' m: four outputs of the points a, -a, b, -b and infinity, and 0 before them where `zero`. `to` may be `from`. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function fourOutputs(from: usize, s: usize, zero: bool, to: usize, t: usize): void {
  const p = zero ? from + s : from;
  const m1 = v128.load(p);
  const m2 = v128.load(p + s);
  const m3 = v128.load(p + 2 * s);
  const m4 = v128.load(p + 3 * s);
  const m5 = v128.load(p + 4 * s);
  const even = f32x4.add(m1, m2);
  const odd = f32x4.sub(m1, m2);
  const otherEven = f32x4.add(m3, m4);
  const otherOdd = f32x4.sub(m3, m4);
  let y0 = f32x4.add(even, otherEven);
  if (zero) y0 = f32x4.add(y0, v128.load(from));
  v128.store(to, y0);
  v128.store(to + t, f32x4.add(times(odd, A), times(otherOdd, B)));
  v128.store(to + 2 * t, f32x4.add(times(even, AA), times(otherEven, BB)));
  v128.store(to + 3 * t, f32x4.add(f32x4.add(times(odd, AAA), times(otherOdd, BBB)), m5));
}

/** A y of four gradients of outputs: the points of `sixPoints`. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function sixOfOutputs(y0: v128, y1: v128, y2: v128, y3: v128, to: usize, t: usize): void {
  v128.store(to, y0);
  const even = f32x4.add(y0, times(y2, AA));
  const odd = times(f32x4.add(y1, times(y3, AA)), A);
  v128.store(to + t, f32x4.add(even, odd));
  v128.store(to + 2 * t, f32x4.sub(even, odd));
  const otherEven = f32x4.add(y0, times(y2, BB));
  const otherOdd = times(f32x4.add(y1, times(y3, BB)), B);
  v128.store(to + 3 * t, f32x4.add(otherEven, otherOdd));
  v128.store(to + 4 * t, f32x4.sub(otherEven, otherOdd));
  v128.store(to + 5 * t, y3);
}

/** G' p of the points of `sixPoints`: the gradients of three taps. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function tapsOfSix(from: usize, s: usize, to: usize, t: usize): void {
  const p1 = v128.load(from + s);
  const p2 = v128.load(from + 2 * s);
  const p3 = v128.load(from + 3 * s);
  const p4 = v128.load(from + 4 * s);
  const even = times(f32x4.add(p1, p2), AT_A);
  const odd = times(f32x4.sub(p1, p2), A * AT_A);
  const otherEven = times(f32x4.add(p3, p4), AT_B);
  const otherOdd = times(f32x4.sub(p3, p4), B * AT_B);
  const first = times(v128.load(from), <f32>(1.0 / 0.87890625));
  v128.store(to, f32x4.add(first, f32x4.add(even, otherEven)));
  v128.store(to + t, f32x4.add(odd, otherOdd));
  const last = f32x4.add(times(even, AA), times(otherEven, BB));
  v128.store(to + 2 * t, f32x4.add(last, v128.load(from + 5 * s)));
}
