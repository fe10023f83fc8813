import { imageProblem } from '../decoding/image-problem.js';

/** How the pixels of a frame are written. */
export type PixelCoding =
  | 'native'
  | 'rle'
  | 'jpeg'
  | 'jpeg-lossless'
  | 'jpeg-ls'
  | 'jpeg-2000'
  | 'htj2k';

/** A transfer syntax that can be read. */
export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly coding: PixelCoding;
  readonly bigEndian?: boolean;
  readonly deflated?: boolean;
}

export const IMPLICIT_LITTLE = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE = '1.2.840.10008.1.2.1';
export const EXPLICIT_BIG = '1.2.840.10008.1.2.2';

const READ: readonly TransferSyntax[] = [
  { uid: IMPLICIT_LITTLE, name: 'Implicit VR Little Endian', coding: 'native' },
  { uid: EXPLICIT_LITTLE, name: 'Explicit VR Little Endian', coding: 'native' },
  {
    uid: '1.2.840.10008.1.2.1.99',
    name: 'Deflated Explicit VR Little Endian',
    coding: 'native',
    deflated: true,
  },
  {
    uid: EXPLICIT_BIG,
    name: 'Explicit VR Big Endian',
    coding: 'native',
    bigEndian: true,
  },
  { uid: '1.2.840.10008.1.2.4.50', name: 'JPEG Baseline', coding: 'jpeg' },
  { uid: '1.2.840.10008.1.2.4.51', name: 'JPEG Extended', coding: 'jpeg' },
  { uid: '1.2.840.10008.1.2.4.57', name: 'JPEG Lossless', coding: 'jpeg-lossless' },
  {
    uid: '1.2.840.10008.1.2.4.70',
    name: 'JPEG Lossless, Selection Value 1',
    coding: 'jpeg-lossless',
  },
  { uid: '1.2.840.10008.1.2.4.80', name: 'JPEG-LS Lossless', coding: 'jpeg-ls' },
  { uid: '1.2.840.10008.1.2.4.81', name: 'JPEG-LS Near-Lossless', coding: 'jpeg-ls' },
  { uid: '1.2.840.10008.1.2.4.90', name: 'JPEG 2000 Lossless', coding: 'jpeg-2000' },
  { uid: '1.2.840.10008.1.2.4.91', name: 'JPEG 2000', coding: 'jpeg-2000' },
  { uid: '1.2.840.10008.1.2.4.201', name: 'High-Throughput JPEG 2000 Lossless', coding: 'htj2k' },
  {
    uid: '1.2.840.10008.1.2.4.202',
    name: 'High-Throughput JPEG 2000 Lossless, RPCL',
    coding: 'htj2k',
  },
  { uid: '1.2.840.10008.1.2.4.203', name: 'High-Throughput JPEG 2000', coding: 'htj2k' },
  { uid: '1.2.840.10008.1.2.5', name: 'RLE Lossless', coding: 'rle' },
];

/** What to do with a file whose pixels are written in a way that cannot be read. */
export const CONVERT = 'convert it with `gdcmconv --raw in.dcm out.dcm`';

/** @throws IMAGE_UNSUPPORTED naming the transfer syntax */
export function transferSyntaxOf(uid: string): TransferSyntax {
  const found = READ.find((syntax) => syntax.uid === uid);
  if (found) return found;
  // A damaged file can have anything here, a name among it.
  const shown = /^[0-9.]{1,64}$/.test(uid) ? uid : 'no identifier of a transfer syntax';
  throw imageProblem(
    'IMAGE_UNSUPPORTED',
    'dicom',
    `the transfer syntax is ${shown}`,
    `expected one of ${READ.map((syntax) => syntax.uid).join(', ')}; ${CONVERT}`,
    { transferSyntax: shown },
  );
}
