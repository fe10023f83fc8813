import { Inflate } from 'fflate';
import { imageProblem } from '../decoding/image-problem.js';

/** Bytes pushed at a time: deflate makes at most 1032 of one, so that the limit is passed by 8 MB at most. */
const STEP = 8192;

/**
 * The file with what follows `from` inflated.
 *
 * @throws IMAGE_TRUNCATED, IMAGE_INVALID; IMAGE_TOO_LARGE above `maxBytes`
 */
export function inflateFrom(bytes: Uint8Array, from: number, maxBytes: number): Uint8Array {
  const parts: Uint8Array[] = [bytes.subarray(0, from)];
  let length = from;
  let ended = false;
  const inflate = new Inflate((part, final) => {
    parts.push(part);
    length += part.length;
    ended = final;
  });
  for (let at = from; at < bytes.length && !ended; at += STEP) {
    push(inflate, bytes.subarray(at, at + STEP), at + STEP >= bytes.length);
    if (length > maxBytes)
      throw imageProblem(
        'IMAGE_TOO_LARGE',
        'dicom',
        `the deflated file holds more than ${maxBytes} bytes`,
        'expected room for maxPixels pixels at most; raise maxPixels where you trust the file',
        { maxBytes },
      );
  }
  const whole = new Uint8Array(length);
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
