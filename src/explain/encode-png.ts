import { fastPng } from '../support/fast-png.js';
import { checkPicture, type Picture } from './overlay.js';

/**
 * The bytes of a PNG file.
 *
 * @param picture 8 bits a channel, as `overlay` makes them.
 * @returns the file's bytes.
 * @throws INVALID_OPTION, SHAPE_MISMATCH; MISSING_PEER without the optional package fast-png
 * @example
 * await writeFile('why.png', await encodePng(overlay(image, map)));
 */
export async function encodePng(picture: Picture): Promise<Uint8Array> {
  checkPicture('encodePng', picture);
  const { pixels, height, width, channels } = picture;
  const { encode } = await fastPng('encodePng');
  return encode({ data: pixels, height, width, channels });
}
