/** A DICOM file of one grey image, little-endian, not compressed, 12 bits in use: no more than a decoder needs. */
export function grey16Dicom(values: Uint16Array, side: number): Uint8Array {
  const meta = element(0x0002, 0x0010, 'UI', text('1.2.840.10008.1.2.1'));
  const us = (value: number) => new Uint8Array(Uint16Array.of(value).buffer);
  return joined([
    new Uint8Array(128),
    text('DICM'),
    element(0x0002, 0x0000, 'UL', new Uint8Array(Uint32Array.of(meta.length).buffer)),
    meta,
    element(0x0008, 0x0016, 'UI', text('1.2.840.10008.5.1.4.1.1.1.1')),
    element(0x0028, 0x0002, 'US', us(1)),
    element(0x0028, 0x0004, 'CS', text('MONOCHROME2')),
    element(0x0028, 0x0010, 'US', us(side)),
    element(0x0028, 0x0011, 'US', us(side)),
    element(0x0028, 0x0100, 'US', us(16)),
    element(0x0028, 0x0101, 'US', us(12)),
    element(0x0028, 0x0102, 'US', us(11)),
    element(0x0028, 0x0103, 'US', us(0)),
    element(
      0x7fe0,
      0x0010,
      'OW',
      new Uint8Array(values.buffer, values.byteOffset, 2 * values.length),
    ),
  ]);
}

function element(group: number, number: number, kind: string, value: Uint8Array): Uint8Array {
  const padded = value.length % 2 === 0 ? value : joined([value, Uint8Array.of(0)]);
  const length =
    kind === 'OW'
      ? [new Uint8Array(2), new Uint8Array(Uint32Array.of(padded.length).buffer)]
      : [new Uint8Array(Uint16Array.of(padded.length).buffer)];
  const tag = new Uint8Array(Uint16Array.of(group, number).buffer);
  return joined([tag, text(kind), ...length, padded]);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
