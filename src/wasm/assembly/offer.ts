import { push, replaceRoot } from './top-rows';

/** Offers a bank row to those of four queries whose threshold it is above. */
export function offer(
  above: v128,
  from: usize,
  first: i32,
  row: i32,
  k: i32,
  cosines: usize,
  rows: usize,
  counts: usize,
  thresholds: usize,
): void {
  const mask = i32x4.bitmask(above);
  for (let lane = 0; lane < 4; lane++) {
    if (((mask >> lane) & 1) == 0) continue;
    const query = (<usize>(first + lane)) << 2;
    const heap = (<usize>((first + lane) * k)) << 2;
    const cosine = load<f32>(from + ((<usize>lane) << 2));
    const count = load<i32>(counts + query);
    if (count < k) {
      push(cosines + heap, rows + heap, count, cosine, row);
      store<i32>(counts + query, count + 1);
      if (count + 1 < k) continue;
    } else {
      replaceRoot(cosines + heap, rows + heap, k, cosine, row);
    }
    store<f32>(thresholds + query, load<f32>(cosines + heap));
  }
}
