import type { CodedHeader } from './codestream.js';
import { isFrameHeader, jpegSegments } from './jpeg-segments.js';
import type { PixelCoding } from './transfer-syntax.js';
import { unsupportedCode } from './unsupported-code.js';

const SCAN = 0xda;
const ADOBE = 0xee;
const JFIF = 0xe0;
const LS_PRESET = 0xf8;

/** Ways to write JPEG, by their frame headers. */
const KINDS: Readonly<Record<number, string>> = {
  192: 'baseline JPEG',
  193: 'extended JPEG',
  194: 'progressive JPEG',
  195: 'lossless JPEG',
  197: 'hierarchical JPEG',
  198: 'hierarchical JPEG',
  199: 'hierarchical JPEG',
  201: 'JPEG in arithmetic coding',
  202: 'JPEG in arithmetic coding',
  203: 'JPEG in arithmetic coding',
  204: 'JPEG in arithmetic coding',
  205: 'JPEG in arithmetic coding',
  206: 'JPEG in arithmetic coding',
  207: 'JPEG in arithmetic coding',
  247: 'JPEG-LS',
};

/** An error where a marker says that the frame is of another kind of JPEG than its transfer syntax. */
export function otherKind(marker: number): Error | undefined {
  const kind = KINDS[marker];
  return kind
    ? unsupportedCode(`are ${kind}`, 'the kind that the transfer syntax says')
    : undefined;
}

/**
 * Refuses by name what a codec gives wrong values for, or calls damaged though it is sound.
 *
 * @param code whose header has been read and agrees with the file
 * @throws IMAGE_UNSUPPORTED
 */
export function checkCodecLimits(coding: PixelCoding, code: Uint8Array, header: CodedHeader): void {
  if (coding === 'jpeg' && header.components === 3) checkColour(code);
  if (coding === 'jpeg-ls') checkLs(code);
  if (coding === 'jpeg-2000' || coding === 'htj2k') checkCodestream(coding, code, header);
}

/**
 * libjpeg takes components for red, green and blue where an Adobe segment or their names say so, against what the file
 * says; it refuses chroma that is not 1, 2 or 4 times as coarse, in one direction or in both by 2.
 */
function checkColour(code: Uint8Array): void {
  let jfif = false;
  let adobe: number | undefined;
  for (const { marker, content } of jpegSegments(code)) {
    if (marker === JFIF && startsWith(content, 'JFIF')) jfif = true;
    if (marker === ADOBE && startsWith(content, 'Adobe') && content.length > 11)
      adobe = content[11];
    if (!isFrameHeader(marker)) continue;
    const [names, sampling] = [6, 7].map((at) => [0, 3, 6].map((k) => content[at + k]));
    const rgb = adobe === undefined ? String.fromCharCode(...names) === 'RGB' : adobe !== 1;
    if (rgb && !jfif)
      throw unsupportedCode(
        'call themselves RGB, where the file says YBR',
        'YCbCr, as PhotometricInterpretation says',
      );
    if (!CHROMA.includes(sampling.map((both) => both.toString(16)).join()))
      throw unsupportedCode(
        `have sampling factors of ${sampling.map((both) => `${both >> 4} x ${both & 15}`).join(', ')}`,
        'both kinds of chroma alike, of whole, half or quarter width or height',
      );
  }
}

const CHROMA = ['11,11,11', '21,11,11', '22,11,11', '12,11,11', '41,11,11', '14,11,11'];

/** CharLS has no point transform, no tables for values and no sizes beyond 16 bits. */
function checkLs(code: Uint8Array): void {
  for (const { marker, content } of jpegSegments(code)) {
    if (marker === LS_PRESET && content[0] > 1)
      throw unsupportedLs(
        content[0] < 4 ? 'a mapping table' : 'a size outside of its frame header',
      );
    if (isFrameHeader(marker) && content[5] === 1 && content[7] !== 0x11)
      throw unsupportedLs(`sampling factors of ${content[7] >> 4} x ${content[7] & 15}`);
    if (marker !== SCAN) continue;
    const [table, , interleave, transform] = content.subarray(2 * content[0]);
    if (table !== 0) throw unsupportedLs('a mapping table');
    if ((transform & 15) !== 0) throw unsupportedLs(`a point transform of ${transform & 15} bits`);
    if (content[0] === 1 && interleave !== 0)
      throw unsupportedLs('one component that is interleaved');
  }
}

const unsupportedLs = (found: string) =>
  unsupportedCode(`are JPEG-LS with ${found}`, 'JPEG-LS without');

/** Segments of the main header that OpenJPH does not decode by: region of interest, changes of order, packed headers. */
const HT_ONLY_WITHOUT: Readonly<Record<number, string>> = {
  94: 'a region of interest',
  95: 'changes of the order of progression',
  96: 'packed packet headers',
};

function checkCodestream(coding: PixelCoding, code: Uint8Array, header: CodedHeader): void {
  const { components, precision } = header;
  for (let at = 42; at < 42 + 3 * components; at += 3)
    if (code[at] !== code[42] || code[at + 1] !== 1 || code[at + 2] !== 1)
      throw unsupportedCode(
        'have components of different size, bits or sign',
        'all components alike',
      );
  // Both codecs make 0 of all that is below 0 in bytes.
  if (precision <= 8 && (code[42] & 0x80) !== 0)
    throw unsupportedCode(
      `are JPEG 2000 of ${precision} bits with a sign`,
      'a sign only with more than 8 bits',
    );
  if (coding !== 'htj2k') return;
  for (const { marker } of jpegSegments(code))
    if (HT_ONLY_WITHOUT[marker])
      throw unsupportedCode(
        `are High-Throughput JPEG 2000 with ${HT_ONLY_WITHOUT[marker]}`,
        'it without',
      );
}

const startsWith = (content: Uint8Array, text: string) =>
  [...text].every((letter, i) => content[i] === letter.charCodeAt(0));
