import { checkUndamaged, checkValue } from '../../learning/damaged.js';
import { check } from '../../support/check.js';
import { aCount, aText, fields, listOf } from '../../support/json-rules.js';
import { BYTES_OF, type Dtype, type PackedTensor } from './dtypes.js';
import { isObject, splitHeader } from './header.js';

/** What a safetensors file holds; the bytes are views of it. */
export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, PackedTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [begin: number, end: number];
}

const entryRule = fields({
  dtype: aText,
  shape: listOf(aCount),
  data_offsets: listOf(aCount, 2, 2),
});

/**
 * Reads a safetensors file and checks all that the format promises: tensors lie one behind the other, without gap or overlap, from the
 * end of the header to the end of the file, each as long as its shape and type say, and no name comes twice.
 *
 * @throws NOT_A_MODEL where it is no such file or has numbers of another type | TRUNCATED_MODEL | MODEL_DAMAGED
 * @see https://huggingface.co/docs/safetensors, "Format"
 */
export function readSafetensors(where: string, given: ArrayBufferView): SafetensorsFile {
  // Of Node's Buffer, whose slice is no copy, a plain view.
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  const { header, data } = splitHeader(where, bytes);
  const { __metadata__: metadata = {}, ...entries } = header;
  checkUndamaged(
    where,
    isObject(metadata) && Object.values(metadata).every((value) => typeof value === 'string'),
    () => 'the metadata is no object of texts',
  );
  const found = Object.entries(entries).map(([name, entry]) => {
    checkValue(where, `tensor '${name}'`, entry, entryRule);
    return { name, ...(entry as Omit<Entry, 'name'>) };
  });
  return {
    metadata: new Map(Object.entries(metadata as Record<string, string>)),
    tensors: new Map(tensorsOf(where, found, data)),
  };
}

/** The tensors in the order of their bytes. */
function* tensorsOf(
  where: string,
  entries: readonly Entry[],
  data: Uint8Array,
): Generator<[string, PackedTensor]> {
  let at = 0;
  const inOrder = [...entries].sort(
    ({ data_offsets: a }, { data_offsets: b }) => a[0] - b[0] || a[1] - b[1],
  );
  for (const {
    name,
    dtype,
    shape,
    data_offsets: [begin, end],
  } of inOrder) {
    check(
      Object.hasOwn(BYTES_OF, dtype),
      'NOT_A_MODEL',
      () =>
        `${where}: tensor '${name}' is of type ${dtype}; expected ${Object.keys(BYTES_OF).join(', ')}; convert it before you write the file.`,
      { name, dtype },
    );
    const type = dtype as Dtype;
    checkUndamaged(
      where,
      begin === at && end - begin === shape.reduce((a, b) => a * b, BYTES_OF[type]),
      () =>
        `tensor '${name}' of type ${type} and shape [${shape}] lies at ${begin} to ${end}; expected it to begin at ${at}, behind the one before, and to be as long as its shape says`,
    );
    check(
      end <= data.length,
      'TRUNCATED_MODEL',
      () =>
        `${where}: tensor '${name}' ends at byte ${end} but the file has ${data.length} behind its header; it was cut short: copy it again.`,
      { found: data.length, expected: end },
    );
    yield [name, { dtype: type, shape, bytes: data.subarray(begin, end) }];
    at = end;
  }
  checkUndamaged(
    where,
    at === data.length,
    () => `${data.length - at} bytes lie behind the last tensor; expected none`,
  );
}
