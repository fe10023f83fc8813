import { imageProblem } from '../decoding/image-problem.js';
import { invalidCode } from './codestream.js';
import { CONVERT } from './transfer-syntax.js';

/** The first box of a JP2 file. */
const SIGNATURE = [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20];

/**
 * The codestream of JPEG 2000, out of a JP2 file where some writers have put it in one, against the standard.
 *
 * @throws IMAGE_INVALID; IMAGE_UNSUPPORTED where the file has a palette
 * @see ISO/IEC 15444-1, annex I; DICOM PS3.5, A.4.4.
 */
export function codestreamOf(frame: Uint8Array): Uint8Array {
  if (!SIGNATURE.every((byte, i) => frame[i] === byte)) return frame;
  let codestream: Uint8Array | undefined;
  for (const [kind, content] of boxesOf(frame)) {
    if (kind === 'jp2c') codestream ??= content;
    if (kind === 'jp2h' && hasPalette(content))
      throw imageProblem(
        'IMAGE_UNSUPPORTED',
        'dicom',
        'the pixels are a JP2 file with a palette',
        `expected grey or colour; ${CONVERT}`,
      );
  }
  if (!codestream) throw invalidCode('are a JP2 file without a codestream');
  return codestream;
}

function hasPalette(header: Uint8Array): boolean {
  for (const [kind] of boxesOf(header)) if (kind === 'pclr') return true;
  return false;
}

function* boxesOf(bytes: Uint8Array): Generator<[kind: string, content: Uint8Array]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const said = view.getUint32(at);
    const long = said === 1 && at + 16 <= bytes.length;
    // A last box may leave its length open.
    const length = said === 0 ? bytes.length - at : long ? Number(view.getBigUint64(at + 8)) : said;
    const head = long ? 16 : 8;
    if (length < head) throw invalidCode(`have a box of ${length} bytes`);
    yield [kind, bytes.subarray(at + head, at + length)];
    at += length;
  }
}
