import { checkBytes, checkObjects } from '../support/check.js';
import type { Decoder } from './decoder.js';
import { imageProblem } from './image-problem.js';

interface Signature {
  readonly format: string;
  readonly at: number;
  readonly text: string;
}

/** How files begin. DICOM first: what stands before its mark may be the first bytes of another format. */
export const SIGNATURES: readonly Signature[] = [
  { format: 'application/dicom', at: 128, text: 'DICM' },
  { format: 'image/png', at: 0, text: '\x89PNG\r\n\x1a\n' },
  { format: 'image/jpeg', at: 0, text: '\xff\xd8\xff' },
  { format: 'image/webp', at: 8, text: 'WEBP' },
  { format: 'image/tiff', at: 0, text: 'II*\0' },
  { format: 'image/tiff', at: 0, text: 'MM\0*' },
  { format: 'image/tiff', at: 0, text: 'II+\0' },
  { format: 'image/tiff', at: 0, text: 'MM\0+' },
  { format: 'image/gif', at: 0, text: 'GIF8' },
  { format: 'image/jp2', at: 0, text: '\0\0\0\x0cjP  ' },
  { format: 'image/jp2', at: 0, text: '\xff\x4f\xff\x51' },
  { format: 'image/jxl', at: 0, text: '\xff\x0a' },
  { format: 'image/jxl', at: 0, text: '\0\0\0\x0cJXL ' },
  { format: 'image/avif', at: 4, text: 'ftypavif' },
  { format: 'image/heic', at: 4, text: 'ftyp' },
  { format: 'image/bmp', at: 0, text: 'BM' },
  { format: 'application/x-npy', at: 0, text: '\x93NUMPY' },
  { format: 'application/zip', at: 0, text: 'PK\x03\x04' },
  { format: 'application/gzip', at: 0, text: '\x1f\x8b' },
  { format: 'application/pdf', at: 0, text: '%PDF' },
  { format: 'text/html', at: 0, text: '<' },
  { format: 'application/json', at: 0, text: '{' },
];

/**
 * The format of a file by its first bytes, whatever its name says.
 *
 * @param head 132 bytes or more, or the whole file
 * @returns such as 'image/png'; undefined where no known format begins like that
 * @throws INVALID_OPTION
 * @example
 * imageFormat(new Uint8Array(await file.slice(0, 512).arrayBuffer())); // 'application/dicom'
 */
export function imageFormat(head: Uint8Array): string | undefined {
  checkBytes('imageFormat', 'head', head);
  return formatOf(head);
}

/** `imageFormat` of what is known to be bytes. */
function formatOf(head: Uint8Array): string | undefined {
  const begins = ({ at, text }: Signature) => {
    for (let i = 0; i < text.length; i++) if (head[at + i] !== text.charCodeAt(i)) return false;
    return true;
  };
  return SIGNATURES.find(begins)?.format;
}

const REMEDIES: Readonly<Record<string, string>> = {
  'application/dicom': "add dicom() of 'salad-ad/dicom' to the decoders",
  'image/tiff': "read it with nodeImages() of 'salad-ad/node', or convert it to PNG",
  'application/x-npy': "read arrays with readNpz and arraySource of 'salad-ad/data'",
  'application/zip': "unpack it, or read an .npz with npzSource of 'salad-ad/data'",
  'application/gzip': 'unpack it',
  'text/html': 'it may be a page that was saved in place of an image; fetch the image again',
};

/**
 * Finds the first decoder that takes a file, by its first bytes.
 *
 * @param decoders asked in this order
 * @param head the first 512 bytes, or the whole file
 * @returns one of `decoders`
 * @throws IMAGE_TRUNCATED where the file is empty; IMAGE_UNSUPPORTED naming a format that no decoder takes;
 *   IMAGE_INVALID where the bytes are of no known format; INVALID_OPTION
 * @example
 * const { pixels } = await chooseDecoder([dicom(), nodeImages()], bytes).decode(bytes, { maxPixels: 2 ** 26 });
 */
export function chooseDecoder(decoders: readonly Decoder[], head: Uint8Array): Decoder {
  const where = 'chooseDecoder';
  checkObjects(where, 'decoders', decoders, 'a decoder', ['accepts', 'decode']);
  checkBytes(where, 'head', head);
  return decoderFor(decoders, head, formatOf(head), where);
}

/** The same of a file whose format is known. */
export function decoderFor(
  decoders: readonly Decoder[],
  head: Uint8Array,
  format: string | undefined,
  where?: string,
): Decoder {
  const chosen = decoders.find((decoder) => decoder.accepts(head, format));
  if (chosen) return chosen;
  if (head.length === 0)
    throw imageProblem(
      'IMAGE_TRUNCATED',
      where,
      'the file is empty',
      'expected an image; fetch it again',
    );
  const names = decoders.map(({ name }) => name).join(', ') || 'none';
  if (format === undefined)
    throw imageProblem(
      'IMAGE_INVALID',
      where,
      'the file begins like no known image format',
      `expected one of the decoders (${names}) to take it; it is damaged or no image`,
    );
  throw imageProblem(
    'IMAGE_UNSUPPORTED',
    where,
    `the file is ${format}`,
    `expected a format of the decoders (${names}); ${REMEDIES[format] ?? 'convert it to PNG'}`,
    { format },
  );
}
