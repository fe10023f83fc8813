import * as tf from '@tensorflow/tfjs-core';
import { check } from '../support/check.js';
import { aCount, aText, fields, isShallow, listOf, oneOf } from '../support/json-rules.js';
import type { DescriptionKey } from './artifacts.js';
import { checksumOf } from './checksum.js';
import { checkUndamaged, checkValue } from './damaged.js';
import { bytesOfWeights, joinedBytes } from './weight-data.js';

/** A tensor of a file, on the host. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/** By name. */
export type StoredTensors = ReadonlyMap<string, StoredTensor>;

/** The bytes of a file's tensors, of which names, types, shapes and sizes are known to fit together. */
export interface StoredWeights {
  readonly specs: readonly tf.io.WeightsManifestEntry[];
  readonly data: readonly Uint8Array[];
  /** Numbers in all. */
  readonly count: number;
}

const specRule = listOf(
  fields({ name: aText, dtype: oneOf('float32', 'int32'), shape: listOf(aCount) }),
);

/** @throws FORMAT_VERSION where a file was written by a later version of the library | MODEL_DAMAGED where it has no version at all */
export function checkFormatVersion(
  where: string,
  description: { readonly formatVersion: number },
  supported: number,
): void {
  const { formatVersion: found } = description;
  checkUndamaged(
    where,
    Number.isInteger(found) && found >= 1,
    () => `the format version of the file is no whole number of at least 1`,
  );
  check(
    found <= supported,
    'FORMAT_VERSION',
    () =>
      `${where}: the file has format version ${found} but this version of salad-ad reads up to ${supported}; update salad-ad.`,
    { found, supported },
  );
  checkUndamaged(where, isShallow(description), () => 'the description nests too deep');
}

/**
 * Compares what a file declares of its tensors with the bytes that it has: before any of them is looked at.
 *
 * @throws TRUNCATED_MODEL | MODEL_DAMAGED
 */
export function storedWeights(
  where: string,
  { weightSpecs: specs = [], weightData = [] }: tf.io.ModelArtifacts,
): StoredWeights {
  checkValue(where, 'the list of weights', specs, specRule);
  checkUndamaged(
    where,
    new Set(specs.map(({ name }) => name)).size === specs.length &&
      specs.every((spec) => spec.quantization === undefined),
    () => 'the list of weights names one twice, or a rounded one',
  );
  const data = bytesOfWeights(weightData);
  const bytes = data.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const count = specs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  check(
    bytes === 4 * count,
    'TRUNCATED_MODEL',
    () =>
      `${where}: the weights have ${bytes} bytes but the model describes ${4 * count}; the file was cut short or mixed up: copy it again.`,
    { found: bytes, expected: 4 * count },
  );
  return { specs, data, count };
}

/** The tensors of a file, compared with its checksum where it has one, every number finite. @throws MODEL_DAMAGED */
export function readTensors(
  where: string,
  { userDefinedMetadata = {} }: tf.io.ModelArtifacts,
  key: DescriptionKey,
  { specs, data }: StoredWeights,
): StoredTensors {
  const {
    [key]: description,
    checksum,
    ...others
  } = userDefinedMetadata as { [key: string]: object } & { checksum?: unknown };
  if (checksum === undefined) {
    // Files of version 0.1 have none, and nothing beside the description; a damaged name of the checksum is no reason to trust.
    const [unknown] = Object.keys(others);
    checkUndamaged(where, unknown === undefined, () => `the file has no checksum but '${unknown}'`);
  } else {
    const found = checksumOf(description, specs, data);
    checkUndamaged(
      where,
      found === checksum,
      () =>
        `the checksum of the file is ${found}; expected ${typeof checksum === 'string' ? checksum.slice(0, 8) : 'that, not a value of another type'}`,
    );
  }
  const bytes = joinedBytes(data);
  const tensors = new Map<string, StoredTensor>();
  let at = 0;
  for (const { name, shape, dtype } of specs) {
    const end = at + 4 * shape.reduce((a, b) => a * b, 1);
    // A copy: the bytes may be shared between threads, and need not lie where numbers may begin.
    const { buffer } = bytes.slice(at, end);
    const values = dtype === 'int32' ? new Int32Array(buffer) : new Float32Array(buffer);
    for (let i = 0; i < values.length; i++)
      if (!Number.isFinite(values[i]))
        checkUndamaged(where, false, () => `value ${i} of '${name}' is ${values[i]}`);
    tensors.set(name, { shape, values });
    at = end;
  }
  return tensors;
}

/** The same on the backend; the tensors are the caller's. */
export function toTensors(stored: StoredTensors): tf.NamedTensorMap {
  const named = [...stored].map(([name, { values, shape }]) => [
    name,
    tf.tensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32'),
  ]);
  return Object.fromEntries(named);
}
