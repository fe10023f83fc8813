// Safetensors files taken apart and put together without the library, by the format's page alone.

/** An entry of a header. */
export interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** What a file holds. */
export function openFile(bytes: Uint8Array) {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  const { __metadata__: metadata, ...tensors } = JSON.parse(text) as {
    [name: string]: Entry;
  } & { __metadata__: Record<string, string> };
  return { metadata, tensors, text, data: bytes.slice(8 + length) };
}

/** A file of a header, as JSON or as it is, and bytes. */
export function fileOf(header: string | object, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}
