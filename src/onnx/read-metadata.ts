import { check } from '../support/check.js';
import { fieldsOf, textIn } from './proto-reader.js';

/** Field 14 of a model: its metadata. Key and value of an entry are fields 1 and 2. */
const METADATA = 14;

/** What an ONNX file says of itself, by key; weights are passed over. @throws INVALID_OPTION for bytes that are no such file */
export function readMetadata(where: string, file: unknown): Record<string, string> {
  check(
    file instanceof Uint8Array,
    'INVALID_OPTION',
    () =>
      `${where}: file is no Uint8Array; expected the bytes of the .onnx file, as toOnnx gave them.`,
  );
  const entries = fieldsOf(where, file)
    .filter(({ field }) => field === METADATA)
    .map(({ bytes }) => {
      const entry = fieldsOf(where, bytes);
      return [textIn(entry, 1), textIn(entry, 2)] as const;
    });
  return Object.fromEntries(entries);
}
