import { imageProblem } from '../decoding/image-problem.js';
import { invalidCode as invalid } from './codestream.js';

const END = 0xd9;
const SCAN = 0xda;
const isRestart = (marker: number) => marker >= 0xd0 && marker <= 0xd7;

/**
 * A JPEG as every codec reads it: without fill bytes before its markers, and without what stands behind its end.
 *
 * @param isLs JPEG-LS, where one bit of 0 follows a byte of ones among coded pixels; else a byte of 0 does
 * @throws IMAGE_INVALID; IMAGE_TRUNCATED where the end is missing, for a codec fills what is missing with grey
 * @see ITU-T T.81, B.1.1.2 (fill bytes), B.1.1.5; T.87, A.1.
 */
export function tidyJpeg(frame: Uint8Array, isLs: boolean): Uint8Array {
  if (frame[0] !== 0xff || frame[1] !== 0xd8) throw invalid('are no JPEG');
  const isPixels = (next: number) => (isLs ? next < 0x80 : next === 0) || isRestart(next);
  // One array however many pieces: they could be as many as the bytes.
  let tidy: Uint8Array | undefined;
  let length = 0;
  let kept = 0;
  const keep = (to: number) => {
    tidy ??= new Uint8Array(frame.length);
    tidy.set(frame.subarray(kept, to), length);
    length += to - kept;
  };
  let inScan = false;
  for (let at = 2; ; ) {
    if (inScan) at = frame.indexOf(0xff, at);
    if (at === -1 || at + 1 >= frame.length) throw truncated();
    if (frame[at] !== 0xff) throw invalid('have bytes between their segments');
    const marker = frame[at + 1];
    if (marker === 0xff) {
      keep(at);
      while (frame[at + 1] === 0xff) at++;
      kept = at;
    } else if (marker === END) {
      if (!tidy) return frame.subarray(0, at + 2);
      keep(at + 2);
      return tidy.subarray(0, length);
    } else if (inScan && isPixels(marker)) {
      at += 2;
    } else {
      const size = (frame[at + 2] << 8) | frame[at + 3];
      if (size < 2) throw invalid(`have a segment ff${marker.toString(16)} without a length`);
      inScan = marker === SCAN;
      at += 2 + size;
    }
  }
}

const truncated = () =>
  imageProblem(
    'IMAGE_TRUNCATED',
    'dicom',
    'the coded pixels have no end marker',
    'expected a whole file; fetch it again',
  );
