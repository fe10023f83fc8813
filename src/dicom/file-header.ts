import { imageProblem } from '../decoding/image-problem.js';
import { textAt } from './data-set.js';
import { type ElementReader, isKind } from './elements.js';
import {
  EXPLICIT_BIG,
  EXPLICIT_LITTLE,
  IMPLICIT_LITTLE,
  type TransferSyntax,
  transferSyntaxOf,
} from './transfer-syntax.js';

/** What stands before the data set. */
export interface FileHeader {
  readonly syntax: TransferSyntax;
  /** Where the data set begins. */
  readonly end: number;
}

/**
 * Elements that a file without a mark may begin with, all of them short: of the file header, and of the data set, up to the
 * patient, of which any but the first may be missing.
 */
const FIRST: Readonly<Record<number, readonly number[]>> = {
  2: [0x0000, 0x0001, 0x0002, 0x0003, 0x0010],
  8: [
    ...[0x0000, 0x0001, 0x0005, 0x0006, 0x0008, 0x0012, 0x0013, 0x0014, 0x0016, 0x0018],
    ...[0x0020, 0x0021, 0x0022, 0x0023, 0x0030, 0x0050, 0x0060, 0x0070],
  ],
  16: [0x0010, 0x0020],
};
const FIRST_KINDS = ['CS', 'UI', 'UL', 'OB', 'DA', 'TM', 'LO', 'SH', 'SQ', 'PN'];
const LONGEST = 256;
/** Behind a mark a data set may begin with what describes the image. */
const LAST_GROUP = 0x0028;

/** Whether a file has the mark of DICOM files behind 128 bytes of anything. */
export function hasMark(head: Uint8Array): boolean {
  return [0x44, 0x49, 0x43, 0x4d].every((byte, i) => head[128 + i] === byte);
}

/** Whether a file without a mark begins like DICOM, told from its first element alone. */
export function beginsUnmarked(head: Uint8Array): boolean {
  if (hasMark(head) || head.length < 12) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return [true, false].some((littleEndian) => {
    const [group, element] = [view.getUint16(0, littleEndian), view.getUint16(2, littleEndian)];
    if (!FIRST[group]?.includes(element)) return false;
    if (FIRST_KINDS.includes(String.fromCharCode(head[4], head[5]))) return true;
    const length = view.getUint32(4, true);
    return littleEndian && (element === 0 ? length === 4 : length <= LONGEST);
  });
}

/**
 * Reads the file header, which any file may lack: a part of it, or the preamble and the mark before it.
 *
 * @throws IMAGE_TRUNCATED, IMAGE_INVALID; IMAGE_UNSUPPORTED naming the transfer syntax
 * @see DICOM PS3.10, 7.1.
 */
export function readFileHeader(reader: ElementReader): FileHeader {
  const { bytes, view } = reader;
  const marked = hasMark(bytes);
  if (!marked && !beginsUnmarked(bytes))
    throw imageProblem(
      'IMAGE_INVALID',
      'dicom',
      'the file has no DICM mark at byte 128 and begins like no data set',
      'expected a DICOM file; it is of another format or damaged',
    );
  let at = marked ? 132 : 0;
  const encoding = reader.encodingAt(at, { explicit: true, bigEndian: false });
  let uid = '';
  while (at + 8 <= bytes.length && view.getUint16(at, true) === 0x0002) {
    const element = reader.element(at, bytes.length, encoding);
    if (element.tag === 0x00020010) uid = textAt(bytes, element).trim();
    at = element.next;
  }
  if (at + 8 > bytes.length)
    throw imageProblem(
      'IMAGE_TRUNCATED',
      'dicom',
      'the file ends before its data set',
      'expected a whole DICOM file; fetch it again',
    );
  return { syntax: transferSyntaxOf(uid || syntaxAt(view, at)), end: at };
}

/** The transfer syntax of uncompressed pixels whose data set begins at `at`, by its first element. */
function syntaxAt(view: DataView, at: number): string {
  const isFirst = (group: number) => group >= 0x0008 && group <= LAST_GROUP;
  const explicit = isKind(String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5)));
  if (isFirst(view.getUint16(at, true))) return explicit ? EXPLICIT_LITTLE : IMPLICIT_LITTLE;
  if (isFirst(view.getUint16(at)) && explicit) return EXPLICIT_BIG;
  throw imageProblem(
    'IMAGE_INVALID',
    'dicom',
    'the file names no transfer syntax',
    'expected one in its header, or a data set that begins by the standard; the file is damaged',
  );
}
