import { Address } from './address';
import { TILE_COLUMNS } from './tile';

/**
 * Copies images into frames of another size: what lies outside is cropped, what is missing is zero.
 *
 * @param pixel bytes of a pixel. @param top, left rows and columns of a frame ahead of the image's first;
 * negative ones crop.
 */
export function frameImages(
  from: Address,
  to: Address,
  images: i32,
  height: i32,
  width: i32,
  pixel: usize,
  top: i32,
  left: i32,
  frameHeight: i32,
  frameWidth: i32,
): void {
  const row = <usize>width * pixel;
  const first = max(0, left);
  const end = max(first, min(frameWidth, left + width));
  const before = <usize>first * pixel;
  const seen = <usize>(end - first) * pixel;
  const after = <usize>(frameWidth - end) * pixel;
  for (let image = 0; image < images; image++) {
    for (let y = 0; y < frameHeight; y++) {
      const source = y - top;
      if (source < 0 || source >= height) {
        memory.fill(to, 0, before + seen + after);
        to += before + seen + after;
        continue;
      }
      memory.fill(to, 0, before);
      to += before;
      memory.copy(to, from + <usize>source * row + <usize>(first - left) * pixel, seen);
      to += seen;
      memory.fill(to, 0, after);
      to += after;
    }
    from += <usize>height * row;
  }
}

/**
 * A filter's taps as a matrix whose columns lie in panels of eight, the last filled up with zeros:
 * to[panel][tap, k][8], of from[tap][k][n].
 *
 * @param taps table of the taps' offsets in bytes, 0xffffffff for a tap of zeros.
 * @param kStep, nStep bytes between two k, and two columns n.
 */
export function packPanels(
  from: Address,
  to: Address,
  taps: Address,
  tapCount: i32,
  count: i32,
  kStep: usize,
  columns: i32,
  nStep: usize,
): void {
  const rowBytes = (<usize>TILE_COLUMNS) << 2;
  for (let panel = 0; panel < columns; panel += TILE_COLUMNS) {
    const some = min(TILE_COLUMNS, columns - panel);
    for (let tap = 0; tap < tapCount; tap++) {
      const offset = load<u32>(taps + ((<usize>tap) << 2));
      let source = from + <usize>offset + <usize>panel * nStep;
      for (let k = 0; k < count; k++) {
        if (offset == u32.MAX_VALUE) {
          memory.fill(to, 0, rowBytes);
        } else if (nStep == 4 && some == TILE_COLUMNS) {
          v128.store(to, v128.load(source));
          v128.store(to, v128.load(source, 16), 16);
        } else {
          for (let n = 0; n < TILE_COLUMNS; n++) {
            const value: f32 = n < some ? load<f32>(source + <usize>n * nStep) : 0;
            store<f32>(to + ((<usize>n) << 2), value);
          }
        }
        to += rowBytes;
        source += kStep;
      }
    }
  }
}

/** The same as a matrix stored column by column: to[n][tap, k]. */
export function packColumns(
  from: Address,
  to: Address,
  taps: Address,
  tapCount: i32,
  count: i32,
  kStep: usize,
  columns: i32,
  nStep: usize,
): void {
  for (let n = 0; n < columns; n++) {
    for (let tap = 0; tap < tapCount; tap++) {
      const offset = load<u32>(taps + ((<usize>tap) << 2));
      const source = from + <usize>offset + <usize>n * nStep;
      for (let k = 0; k < count; k++) {
        store<f32>(to, offset == u32.MAX_VALUE ? 0 : load<f32>(source + <usize>k * kStep));
        to += 4;
      }
    }
  }
}
