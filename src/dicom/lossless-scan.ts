import type { ImageDescription } from './image-description.js';
import { isFrameHeader, jpegSegments } from './jpeg-segments.js';
import { unsupportedCode } from './unsupported-code.js';

const RESTART_INTERVAL = 0xdd;
const SCAN = 0xda;
/** One pixel after the other, in both directions. */
const PLAIN = 0x11;

/**
 * Refuses what the decoder of lossless JPEG turns into wrong pixels without an error, or calls damaged: a point transform;
 * restarts, at which it loses bits; predictors that are none; predictor 7 where sums go round 2^16, which it rounds the other way; sampling factors.
 *
 * @throws IMAGE_UNSUPPORTED
 * @see ITU-T T.81, B.2.2, B.2.3 and H.1.2.
 */
export function checkLosslessScan(
  frame: Uint8Array,
  { bitsStored, signed }: Pick<ImageDescription, 'bitsStored' | 'signed'>,
): void {
  let interval = 0;
  let precision = 0;
  let pixels = 0;
  for (const { marker, content } of jpegSegments(frame)) {
    if (marker === RESTART_INTERVAL) interval = (content[0] << 8) | content[1];
    if (isFrameHeader(marker)) {
      precision = content[0];
      pixels = ((content[1] << 8) | content[2]) * ((content[3] << 8) | content[4]);
      if (content[5] === 1 && content[7] !== PLAIN)
        throw unsupported(`sampling factors of ${content[7] >> 4} x ${content[7] & 15}`);
    }
    if (marker !== SCAN) continue;
    const parameters = 1 + 2 * content[0];
    const predictor = content[parameters];
    const pointTransform = content[parameters + 2] & 15;
    if (pointTransform !== 0) throw unsupported(`a point transform of ${pointTransform} bits`);
    if (interval !== 0 && interval < pixels)
      throw unsupported(`restarts after every ${interval} pixels`);
    if (predictor < 1 || predictor > 7) throw unsupported(`predictor ${predictor}`);
    if (predictor === 7 && precision === 16 && (signed || bitsStored === 16))
      throw unsupported('predictor 7 on 16 bits in use');
  }
}

const unsupported = (found: string) =>
  unsupportedCode(
    `are lossless JPEG with ${found}`,
    'no point transform, restarts or sampling factors, predictors 1 to 7, and 1 to 6 where all 16 bits are in use',
  );
