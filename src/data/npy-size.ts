/** Longest header that is believed; NumPy pads its own, of some hundred characters, to 64 bytes. */
const LONGEST_HEADER = 65535;

/**
 * Bytes that a whole `.npy` file has, by its first ones: magic, header, and the product of its shape times the bytes of a value.
 *
 * @returns undefined while the header is not whole
 * @throws Error where the bytes begin no `.npy` file, or one whose values are of no fixed size
 * @see NumPy's documentation, numpy.lib.format.
 */
export function npySize(head: Uint8Array): number | undefined {
  if (head.length < 12) return undefined;
  const magic = String.fromCharCode(...head.subarray(1, 6));
  if (head[0] !== 0x93 || magic !== 'NUMPY') throw new Error('it does not begin like a .npy file');
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const [start, length] =
    head[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (length > LONGEST_HEADER) throw new Error(`its header is said to have ${length} bytes`);
  if (head.length < start + length) return undefined;
  const header = new TextDecoder().decode(head.subarray(start, start + length));
  const [, kind, width] = /'descr':\s*'[<>|=]?([a-zA-Z])(\d+)'/.exec(header) ?? [];
  const [, sides] = /'shape':\s*\(([\d,\s]*)\)/.exec(header) ?? [];
  if (width === undefined || sides === undefined)
    throw new Error(`its header tells no numbers of a fixed size: ${header.trim().slice(0, 200)}`);
  const values = (sides.match(/\d+/g) ?? []).reduce((product, side) => product * Number(side), 1);
  return start + length + values * Number(width) * (kind === 'U' ? 4 : 1);
}
