import { ROW_ENTRY, TILE_ROWS } from './tile';

/**
 * Brings what the rows of a table see into tiles of four rows, [tile][s, t][4]: all loads of a product begin at one place then.
 *
 * @param rows table of whole tiles. @param count rows in it.
 * @param segments, segmentCount, values, aStep what a row sees, as in `tile`.
 */
export function packRowTiles(
  rows: usize,
  count: i32,
  segments: usize,
  segmentCount: i32,
  values: i32,
  aStep: usize,
  to: usize,
): void {
  for (let row = 0; row < count; row += TILE_ROWS, rows += <usize>TILE_ROWS * ROW_ENTRY) {
    const a0 = <usize>load<u32>(rows, 0);
    const a1 = <usize>load<u32>(rows, 8);
    const a2 = <usize>load<u32>(rows, 16);
    const a3 = <usize>load<u32>(rows, 24);
    for (let s = 0; s < segmentCount; s++) {
      const offset = <usize>load<u32>(segments + ((<usize>s) << 2));
      let p0 = a0 + offset;
      let p1 = a1 + offset;
      let p2 = a2 + offset;
      let p3 = a3 + offset;
      let t = values;
      if (aStep == 4) {
        for (; t >= 4; t -= 4) {
          const x0 = v128.load(p0);
          const x1 = v128.load(p1);
          const x2 = v128.load(p2);
          const x3 = v128.load(p3);
          const low01 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
          const high01 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
          const low23 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
          const high23 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
          v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2));
          v128.store(to, v128.shuffle<f64>(low01, low23, 1, 3), 16);
          v128.store(to, v128.shuffle<f64>(high01, high23, 0, 2), 32);
          v128.store(to, v128.shuffle<f64>(high01, high23, 1, 3), 48);
          p0 += 16;
          p1 += 16;
          p2 += 16;
          p3 += 16;
          to += 64;
        }
      }
      for (; t > 0; t--) {
        store<u32>(to, load<u32>(p0));
        store<u32>(to, load<u32>(p1), 4);
        store<u32>(to, load<u32>(p2), 8);
        store<u32>(to, load<u32>(p3), 12);
        p0 += aStep;
        p1 += aStep;
        p2 += aStep;
        p3 += aStep;
        to += 16;
      }
    }
  }
}
