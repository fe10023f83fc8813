import type { Decoder } from './decoder.js';
import { imageFormat } from './image-format.js';
import { imageProblem } from './image-problem.js';

const REMEDIES: Readonly<Record<string, string>> = {
  'application/dicom': "add dicom() of 'salad-ad/dicom' to the decoders",
  'image/tiff': "read it with nodeImages() of 'salad-ad/node', or convert it to PNG",
  'application/x-npy': "read arrays with readNpz and arraySource of 'salad-ad/data'",
  'application/zip': "unpack it, or read an .npz with npzSource of 'salad-ad/data'",
  'application/gzip': 'unpack it',
  'text/html': 'it may be a page that was saved in place of an image; fetch the image again',
};

/**
 * The first decoder that takes a file, by its first bytes.
 *
 * @param head the first 512 bytes, or the whole file
 * @throws IMAGE_TRUNCATED where the file is empty; IMAGE_UNSUPPORTED naming a format that no decoder takes;
 *   IMAGE_INVALID where the bytes are of no known format
 */
export function chooseDecoder(decoders: readonly Decoder[], head: Uint8Array): Decoder {
  const chosen = decoders.find((decoder) => decoder.accepts(head));
  if (chosen) return chosen;
  const where = 'chooseDecoder';
  if (head.length === 0)
    throw imageProblem(
      'IMAGE_TRUNCATED',
      where,
      'the file is empty',
      'expected an image; fetch it again',
    );
  const names = decoders.map(({ name }) => name).join(', ') || 'none';
  const format = imageFormat(head);
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
