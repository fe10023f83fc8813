import { Address } from './address';

/** A step of Adam over so many weights: new weights, running means and running means of squares. */
export function adam(
  variable: Address,
  mean: Address,
  square: Address,
  gradient: Address,
  newVariable: Address,
  newMean: Address,
  newSquare: Address,
  count: i32,
  stepSize: f32,
  squareScale: f32,
  beta1: f32,
  beta2: f32,
  rest1: f32,
  rest2: f32,
  weightDecay: f32,
  epsilon: f32,
): void {
  const end = (<usize>count) << 2;
  let i: usize = 0;
  for (; i + 16 <= end; i += 16) {
    const w = v128.load(variable + i);
    const g = f32x4.add(v128.load(gradient + i), f32x4.mul(w, f32x4.splat(weightDecay)));
    const m = f32x4.add(
      f32x4.mul(v128.load(mean + i), f32x4.splat(beta1)),
      f32x4.mul(g, f32x4.splat(rest1)),
    );
    const s = f32x4.add(
      f32x4.mul(v128.load(square + i), f32x4.splat(beta2)),
      f32x4.mul(f32x4.mul(g, g), f32x4.splat(rest2)),
    );
    const root = f32x4.sqrt(f32x4.mul(s, f32x4.splat(squareScale)));
    const scale = f32x4.add(root, f32x4.splat(epsilon));
    const step = f32x4.div(f32x4.mul(m, f32x4.splat(stepSize)), scale);
    v128.store(newMean + i, m);
    v128.store(newSquare + i, s);
    v128.store(newVariable + i, f32x4.sub(w, step));
  }
  for (; i < end; i += 4) {
    const w = load<f32>(variable + i);
    const g = load<f32>(gradient + i) + w * weightDecay;
    const m = load<f32>(mean + i) * beta1 + g * rest1;
    const s = load<f32>(square + i) * beta2 + g * g * rest2;
    store<f32>(newMean + i, m);
    store<f32>(newSquare + i, s);
    store<f32>(newVariable + i, w - (m * stepSize) / (sqrt(s * squareScale) + epsilon));
  }
}
