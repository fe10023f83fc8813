import { imageProblem } from '../decoding/image-problem.js';
import { CONVERT } from './transfer-syntax.js';

const RESTART_INTERVAL = 0xdd;
const SCAN = 0xda;

/**
 * Refuses what the decoder of lossless JPEG turns into wrong pixels without an error: a point transform, and restarts
 * with a predictor that looks at the row above.
 *
 * @throws IMAGE_UNSUPPORTED
 * @see ITU-T T.81, B.2.3 and H.1.2.
 */
export function checkLosslessScan(frame: Uint8Array): void {
  let restarts = false;
  for (let at = 2; at + 4 <= frame.length && frame[at] === 0xff; ) {
    const marker = frame[at + 1];
    if (marker === RESTART_INTERVAL) restarts = (frame[at + 4] | frame[at + 5]) !== 0;
    if (marker === SCAN) {
      const parameters = at + 5 + 2 * frame[at + 4];
      const predictor = frame[parameters];
      const pointTransform = frame[parameters + 2] & 15;
      if (pointTransform !== 0) throw unsupported(`a point transform of ${pointTransform} bits`);
      if (restarts && predictor > 1) throw unsupported(`restarts and predictor ${predictor}`);
      return;
    }
    at += 2 + ((frame[at + 2] << 8) | frame[at + 3]);
  }
}

const unsupported = (found: string) =>
  imageProblem(
    'IMAGE_UNSUPPORTED',
    'dicom',
    `the pixels are lossless JPEG with ${found}`,
    `expected no point transform, and restarts with predictor 1 alone; ${CONVERT}`,
  );
