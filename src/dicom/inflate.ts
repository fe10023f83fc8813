import { Inflate } from 'fflate';
import { imageProblem } from '../decoding/image-problem.js';

/** Bytes pushed at a time: deflate makes at most 1032 of one, so that a limit is passed by 8 MB at most. */
const STEP = 8192;

/** Room for everything but pixels. */
const OTHER_BYTES = 2 ** 24;

/**
 * The file with what follows `from` inflated.
 *
 * @param pixelBytes how much room pixels take, by the first bytes of the file, asked where it grows beyond all else
 * @throws IMAGE_TRUNCATED, IMAGE_INVALID; IMAGE_TOO_LARGE where there is more
 */
export function inflateFrom(
  bytes: Uint8Array,
  from: number,
  pixelBytes: (begun: Uint8Array) => number,
): Uint8Array {
  const parts: Uint8Array[] = [bytes.subarray(0, from)];
  let length = from;
  let ended = false;
  const inflate = new Inflate((part, final) => {
    parts.push(part);
    length += part.length;
    ended = final;
  });
  let maxBytes: number | undefined;
  for (let at = from; at < bytes.length && !ended; at += STEP) {
    push(inflate, bytes.subarray(at, at + STEP), at + STEP >= bytes.length);
    if (length <= (maxBytes ?? OTHER_BYTES)) continue;
    maxBytes ??= OTHER_BYTES + pixelBytes(joined(parts));
    if (length > maxBytes)
      throw imageProblem(
        'IMAGE_TOO_LARGE',
        'dicom',
        `the deflated file holds more than ${maxBytes} bytes`,
        `expected what its pixels take by Rows, Columns and frames, and ${OTHER_BYTES} bytes for all else; write it anew without deflate where you trust it`,
        { maxBytes },
      );
  }
  return joined(parts);
}

/** One array of several. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function push(inflate: Inflate, bytes: Uint8Array, final: boolean): void {
  try {
    inflate.push(bytes, final);
  } catch (cause) {
    const cut = cause instanceof Error && cause.message.includes('EOF');
    throw imageProblem(
      cut ? 'IMAGE_TRUNCATED' : 'IMAGE_INVALID',
      'dicom',
      cut ? 'the deflated data ends early' : 'the deflated data is damaged',
      'expected a whole file; fetch it again',
    );
  }
}
