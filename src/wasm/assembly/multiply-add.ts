/**
 * c + a * b on vectors: one instruction, rounded once or twice as the machine has it, where the engine knows
 * relaxed SIMD; else a product and a sum.
 */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}
