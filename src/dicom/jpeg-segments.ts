/** A part of a JPEG frame before its coded data. */
export interface JpegSegment {
  /** The second byte of its marker: 0xc0 for SOF0. */
  readonly marker: number;
  /** What follows its length. */
  readonly content: Uint8Array;
}

const SCAN = 0xda;
const FILL = 0xff;

/**
 * The segments up to the first scan header, which is the last of them.
 *
 * @see ITU-T T.81, B.1.1.
 */
export function* jpegSegments(frame: Uint8Array): Generator<JpegSegment> {
  for (let at = 2; at + 4 <= frame.length && frame[at] === 0xff; ) {
    const marker = frame[at + 1];
    if (marker === FILL) {
      at++;
      continue;
    }
    const end = at + 2 + ((frame[at + 2] << 8) | frame[at + 3]);
    yield { marker, content: frame.subarray(at + 4, end) };
    if (marker === SCAN || end < at + 4) return;
    at = end;
  }
}

/** The frame header: SOF of any kind, DHT, JPG and DAC apart, or that of JPEG-LS. */
export const isFrameHeader = (marker: number) =>
  marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker));
