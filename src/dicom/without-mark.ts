const EXPLICIT = '1.2.840.10008.1.2.1';
const IMPLICIT = '1.2.840.10008.1.2';

/** Elements of group 0008 that a data set can begin with, which are all short. */
const FIRST = [0x0000, 0x0001, 0x0005, 0x0006, 0x0008, 0x0012, 0x0013, 0x0014, 0x0016, 0x0018];
const LONGEST = 256;

/** Whether a file has the mark of DICOM files behind 128 bytes of anything. */
export function hasMark(head: Uint8Array): boolean {
  return [0x44, 0x49, 0x43, 0x4d].every((byte, i) => head[128 + i] === byte);
}

/** Whether the bytes begin like a data set that was stored without preamble and mark, little-endian. */
export function beginsLikeDataSet(head: Uint8Array): boolean {
  return !hasMark(head) && rawSyntaxOf(head) !== undefined;
}

/** The transfer syntax of such a data set, recognised by its first element alone. */
export function rawSyntaxOf(head: Uint8Array): string | undefined {
  if (hasMark(head) || head.length < 12) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint16(0, true) !== 0x0008 || !FIRST.includes(view.getUint16(2, true)))
    return undefined;
  const vr = String.fromCharCode(head[4], head[5]);
  if (['CS', 'UI', 'UL', 'DA', 'TM', 'LO', 'SH', 'SQ'].includes(vr)) return EXPLICIT;
  return view.getUint32(4, true) <= LONGEST ? IMPLICIT : undefined;
}
