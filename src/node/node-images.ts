import type { Sharp } from 'sharp';
import {
  checkDecoding,
  type DecodedImage,
  type Decoder,
  type ImageHeader,
} from '../decoding/decoder.js';
import { imageFormat } from '../decoding/image-format.js';
import { imageProblem } from '../decoding/image-problem.js';
import { readImageHeader } from '../decoding/read-image-header.js';
import { bitsInUse } from '../decoding/significant-bits.js';
import type { SaladError } from '../support/errors.js';
import { missingPeer } from '../support/missing-peer.js';

const FORMATS = ['image/png', 'image/jpeg', 'image/webp', 'image/tiff'];
const WHERE = 'nodeImages';

/**
 * Decodes PNG, JPEG, WebP and TIFF by the optional package sharp.
 *
 * Grey files give one channel, others three; up to 8 bits give uint8 (1, 2 and 4 bits over the whole
 * range), 16 bits uint16. Turned as EXIF says; alpha over black; colour profiles are ignored, so that
 * pixels are those of the file. A file with the least damage is refused.
 *
 * @returns a decoder for `decoders` of `recordSource` and `imageSource`
 * @throws nothing by itself; decoding throws IMAGE_INVALID, IMAGE_TOO_LARGE, IMAGE_TRUNCATED, IMAGE_UNSUPPORTED, and
 *   MISSING_PEER without sharp; INVALID_OPTION for what is no bytes
 * @example
 * const { pixels, shape } = await nodeImages().decode(await readFile('film.png'), { maxPixels: 2 ** 26 });
 */
export function nodeImages(): Decoder {
  return {
    name: WHERE,
    accepts: (head, format = imageFormat(head)) => FORMATS.includes(format ?? ''),
    async decode(bytes, limits) {
      checkDecoding(WHERE, bytes, limits);
      const header = readImageHeader(WHERE, bytes, limits);
      const { default: sharp } = await import('sharp').catch(missingPeer(WHERE, 'sharp'));
      const image = sharp(bytes, {
        limitInputPixels: limits.maxPixels,
        ignoreIcc: true,
        autoOrient: true,
      });
      try {
        return { ...(await pixelsOf(image, header)), metadata: { format: header.format } };
      } catch (cause) {
        throw decodingProblem(cause);
      }
    },
  };
}

async function pixelsOf(
  image: Sharp,
  { channels, bits, noAlpha, significant }: ImageHeader,
): Promise<DecodedImage> {
  const deep = bits > 8;
  const space = channels === 1 ? (deep ? 'grey16' : 'b-w') : deep ? 'rgb16' : 'srgb';
  const opaque = noAlpha ? image.removeAlpha() : image.flatten({ background: 'black' });
  const { data, info } = await opaque
    .toColourspace(space)
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { buffer, byteOffset, length } = data;
  const shape = [info.height, info.width, info.channels] as const;
  if (!deep) return { pixels: new Uint8Array(buffer, byteOffset, length), shape };
  const pixels = new Uint16Array(buffer, byteOffset, length / 2);
  const bitsStored = bitsInUse(pixels, significant);
  return { pixels, shape, ...(bitsStored !== undefined && { bitsStored }) };
}

/** The header was whole and within the limits, so what fails now is the pixels. */
function decodingProblem(cause: unknown): SaladError {
  const said = String(cause instanceof Error ? cause.message : cause).trim();
  // Of a damaged TIFF it can say hundreds of lines; the last is why it gave up.
  const reason = said.split('\n').slice(-1)[0].slice(0, 200);
  return /not configured|unsupported|not supported/i.test(said)
    ? imageProblem(
        'IMAGE_UNSUPPORTED',
        WHERE,
        `sharp does not know how the pixels are coded (${reason})`,
        'expected a common compression; convert it to PNG',
        {},
        cause,
      )
    : imageProblem(
        'IMAGE_INVALID',
        WHERE,
        `sharp cannot decode the pixels (${reason})`,
        'expected an undamaged file; fetch it again',
        {},
        cause,
      );
}
