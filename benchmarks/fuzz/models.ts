import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { io } from '@tensorflow/tfjs-core';
import { checksumOf } from '../../src/learning/checksum.js';
import { RandomStream } from '../../src/support/random.js';
import { EDGES } from './edges.js';
import type { Made } from './inputs.js';

// Saved models and detectors, damaged: two files, which stand in one input behind each other.

const FIXTURES = new URL('../../test/fixtures/', import.meta.url);

/** A saved model: what stands in `model.json`, and its weights. */
export interface ModelFiles {
  readonly json: Uint8Array;
  readonly weights: Uint8Array;
}

export interface ModelSeed extends ModelFiles {
  readonly name: string;
  readonly group: 'model' | 'detector' | 'model of 0.1' | 'detector of 0.1';
  /** Length of the JSON in 4 bytes, the JSON, the weights. */
  readonly bytes: Uint8Array;
}

/** Every saved file of the tests, as version 0.1 wrote it and with a checksum. */
export function loadModelSeeds(): ModelSeed[] {
  const models = ['model-v1', 'model-v1-resnet'].map((name) => {
    const read = (file: string) => readFileSync(new URL(`${name}/${file}`, FIXTURES));
    const json = JSON.parse(read('model.json').toString());
    return { name, group: 'model' as const, json, weights: read(json.weightsManifest[0].paths[0]) };
  });
  const stored: { artifacts: io.ModelArtifacts }[] = JSON.parse(
    readFileSync(new URL('detectors-v1/detectors.json', FIXTURES), 'utf8'),
  );
  const detectors = stored.map(({ artifacts: { weightSpecs, weightData, ...description } }, i) => {
    const weights = Buffer.from(weightData as unknown as string, 'base64');
    // As `fileSystem` names them.
    const hash = createHash('sha256').update(weights).digest('hex').slice(0, 16);
    const weightsManifest = [{ paths: [`weights-${hash}.bin`], weights: weightSpecs }];
    const json = { ...description, weightsManifest };
    return { name: `detector-${i}`, group: 'detector' as const, json, weights };
  });
  return [...models, ...detectors].flatMap(({ name, group, json, weights }) => {
    const bytes = Uint8Array.from(weights);
    const files = (text: object) => ({
      json: new TextEncoder().encode(JSON.stringify(text)),
      weights: bytes,
    });
    const [old, sealed] = [files(json), files(withChecksum(json, bytes))];
    return [
      { name, group, ...sealed, bytes: packed(sealed) },
      { name: `${name}-0.1`, group: `${group} of 0.1` as const, ...old, bytes: packed(old) },
    ];
  });
}

function withChecksum(json: io.ModelJSON, weights: Uint8Array): object {
  const specs = json.weightsManifest.flatMap(({ weights }) => weights);
  const metadata = json.userDefinedMetadata as Record<string, object>;
  const [description] = Object.values(metadata);
  const checksum = checksumOf(description, specs, [weights]);
  return { ...json, userDefinedMetadata: { ...metadata, checksum } };
}

/** Both files as one. */
export function packed({ json, weights }: ModelFiles): Uint8Array {
  const bytes = new Uint8Array(4 + json.length + weights.length);
  new DataView(bytes.buffer).setUint32(0, json.length);
  bytes.set(json, 4);
  bytes.set(weights, 4 + json.length);
  return bytes;
}

export function unpacked(bytes: Uint8Array): ModelFiles {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0);
  return { json: bytes.subarray(4, 4 + length), weights: bytes.subarray(4 + length) };
}

/** Input `index`: depends on the seed number and the index alone. */
export function makeModelInput(seeds: readonly ModelSeed[], seed: number, index: number): Made {
  const random = new RandomStream(seed, ['fuzz', 'model', index]);
  const from = seeds[random.integer(seeds.length)];
  const change = CHANGES[random.integer(CHANGES.length)];
  let files: ModelFiles = from;
  do files = { ...files, ...change(files, random) };
  while (Buffer.compare(packed(files), from.bytes) === 0);
  // Of a file of version 0.1 another value that is as it may be cannot be told; of its weights it can by their name.
  const mayDiffer = from.group.endsWith('0.1') && Buffer.compare(files.json, from.json) !== 0;
  return { seed: from, bytes: packed(files), mayDiffer };
}

type Change = (files: ModelFiles, random: RandomStream) => Partial<ModelFiles>;

const CHANGES: readonly Change[] = [
  ({ weights, json }, random) =>
    weights.length > 0 ? { weights: flipped(weights, random) } : { json: flipped(json, random) },
  ({ json }, random) => ({ json: flipped(json, random) }),
  ({ json }, random) => ({ json: withOtherValue(json, random) }),
  ({ json }, random) => ({ json: withOtherValue(json, random) }),
  ({ json }, random) => ({ json: withOtherKey(json, random) }),
  ({ weights, json }, random) =>
    weights.length > 0 && random.uniform() < 0.7
      ? { weights: ofOtherLength(weights, random) }
      : { json: ofOtherLength(json, random) },
];

function flipped(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const result = bytes.slice();
  for (let i = random.uniform() < 0.5 ? 0 : random.integer(8); i >= 0; i--)
    result[random.integer(result.length)] ^= 1 << random.integer(8);
  return result;
}

function ofOtherLength(bytes: Uint8Array, random: RandomStream): Uint8Array {
  const at = random.integer(bytes.length);
  const end = Math.min(bytes.length, at + 1 + random.integer(256));
  switch (random.integer(3)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return Uint8Array.from(Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]));
    default:
      return Uint8Array.from(Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]));
  }
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const OTHERS: readonly (() => Json)[] = [
  () => null,
  () => '',
  () => 'constructor',
  () => [],
  () => ({}),
  () => true,
  () => -1,
  () => 0.5,
  () => 1e9,
  () => 1e300,
  () => new Array(10_000).fill(0),
  () => JSON.parse(`${'['.repeat(3000)}${']'.repeat(3000)}`),
  () => ({ __proto__: 1, kind: 'salad' }),
];

/** One value, wherever it stands, in place of another; numbers also by an edge or by a little. */
function withOtherValue(json: Uint8Array, random: RandomStream): Uint8Array {
  const parsed = parse(json);
  if (parsed === undefined) return flipped(json, random);
  const { holder, key } = anyPlace(parsed, random);
  const was = holder[key];
  if (typeof was === 'number' && random.uniform() < 0.7) {
    const near = was + [1, -1, 1e-3, -1e-3][random.integer(4)];
    holder[key] = random.uniform() < 0.5 ? near : EDGES[random.integer(EDGES.length)];
  } else holder[key] = OTHERS[random.integer(OTHERS.length)]();
  return new TextEncoder().encode(JSON.stringify(parsed));
}

/** A key that is gone, twice there, or of another name. */
function withOtherKey(json: Uint8Array, random: RandomStream): Uint8Array {
  const parsed = parse(json);
  if (parsed === undefined) return flipped(json, random);
  const { holder, key } = anyPlace(parsed, random);
  const choice = random.integer(3);
  if (Array.isArray(holder)) holder.splice(Number(key), 1, holder[Number(key)], 7);
  else if (choice === 0) delete holder[key];
  else if (choice === 1) {
    holder[`${key}x`] = holder[key];
    delete holder[key];
  } else {
    const named = `${JSON.stringify(key)}:`;
    const other = JSON.stringify(OTHERS[random.integer(OTHERS.length)]());
    const text = JSON.stringify(parsed).replace(named, () => `${named}${other},${named}`);
    return new TextEncoder().encode(text);
  }
  return new TextEncoder().encode(JSON.stringify(parsed));
}

function anyPlace(json: Json, random: RandomStream) {
  let holder = json as { [name: string]: Json };
  for (;;) {
    const keys = Object.keys(holder);
    const key = keys[random.integer(keys.length)];
    const inner = holder[key];
    const goesOn = typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0;
    if (!goesOn || random.uniform() < 0.1) return { holder, key };
    holder = inner as { [name: string]: Json };
  }
}

function parse(json: Uint8Array): Json | undefined {
  try {
    const parsed = JSON.parse(new TextDecoder().decode(json));
    return typeof parsed === 'object' && Object.keys(parsed ?? {}).length > 0 ? parsed : undefined;
  } catch {
    return undefined;
  }
}
