import type { io } from '@tensorflow/tfjs-core';
import { bytesOfWeights, joinedBytes } from '../learning/weight-data.js';
import type { ModelDescription } from '../model/model-file.js';
import type { SaladModel } from '../model/salad-model.js';
import { check, checkKnownOptions, checkObject } from '../support/check.js';
import { namingCall } from '../support/errors.js';
import type { PackedTensor } from './format/dtypes.js';
import { writeSafetensors } from './format/write.js';
import { toTorch } from './layouts.js';
import { metadataOf } from './metadata.js';
import { BANKS, weightAt, weightNames } from './names/weight-names.js';

const WHERE = 'toSafetensors';

/**
 * A model as the bytes of one safetensors file, which PyTorch, JAX and others read.
 *
 * Weights have the names and the axes that PyTorch gives them: `encoder.0.0.conv.weight` is [out, in, height, width]. Beside them
 * lie `bank` [images, embedding], F32, rows of unit length; `discard` [images], BOOL, true for rows that no score is made with;
 * `cells` [rows, numbers], F32, `cells.films` and `cells.places` [rows], I32. All else is JSON in the metadata: `settings`,
 * `backbone`, `imageNormalization`, `recipe`, `threshold`, `normalizer`, `spreads`, `history` and more.
 * The optimiser's state is left out: `save` with `includeTraining` keeps it. docs/safetensors.md lists every name.
 *
 * @param model any model, fitted or not; of a frozen encoder, whose weights no file holds, the banks are written.
 * @returns the file; the model is only read.
 * @throws INVALID_OPTION | UNKNOWN_OPTION | DISPOSED
 * @see https://huggingface.co/docs/safetensors, "Format"
 * @example
 * import { writeFile } from 'node:fs/promises';
 *
 * await writeFile('model.safetensors', await toSafetensors(model));
 */
export async function toSafetensors(
  model: SaladModel,
  options: {
    /** Names of the training images. Names of medical files may identify patients. @defaultValue false */
    readonly includeIds?: boolean;
  } = {},
): Promise<Uint8Array> {
  checkKnownOptions(WHERE, options, { includeIds: true });
  checkObject(WHERE, 'model', model, 'a SaladModel', ['save']);
  const artifacts = await saved(model, options);
  const { saladAd: description, checksum } = (artifacts.userDefinedMetadata ?? {}) as {
    saladAd?: ModelDescription;
    checksum: string;
  };
  check(
    description !== undefined,
    'INVALID_OPTION',
    () => `${WHERE}: model is another detector; expected a SaladModel; other detectors have save.`,
  );
  const tensors = new Map(packed(artifacts, description));
  if (tensors.has('bank')) tensors.set('discard', discardOf(description, tensors));
  return writeSafetensors(tensors, metadataOf(description, checksum));
}

/** What the model gives to save. */
async function saved(
  model: SaladModel,
  options: { readonly includeIds?: boolean },
): Promise<io.ModelArtifacts> {
  let artifacts: io.ModelArtifacts = {};
  const save = async (given: io.ModelArtifacts) => {
    artifacts = given;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } } as const;
  };
  await namingCall(WHERE, () => model.save({ save }, options));
  return artifacts;
}

/** The tensors by the names of the file, weights as PyTorch has them. */
function* packed(
  { weightSpecs = [], weightData }: io.ModelArtifacts,
  { backbone }: ModelDescription,
): Generator<[string, PackedTensor]> {
  const names = weightNames(backbone);
  const bytes = joinedBytes(bytesOfWeights(weightData));
  let at = 0;
  for (const { name, shape, dtype } of weightSpecs) {
    const end = at + 4 * shape.reduce((a, b) => a * b, 1);
    const own = bytes.subarray(at, end);
    at = end;
    const bank = BANKS.find(([ours]) => ours === name);
    if (bank) {
      yield [bank[1], { dtype: dtype === 'int32' ? 'I32' : 'F32', shape, bytes: own }];
      continue;
    }
    const weight = weightAt(names, Number(name.slice('weights/'.length)));
    const values = new Float32Array(own.slice().buffer);
    const there = weight.layout ? toTorch({ shape, values }, weight.layout) : { shape, values };
    yield [
      weight.name,
      { dtype: 'F32', shape: there.shape, bytes: new Uint8Array(there.values.buffer) },
    ];
  }
}

function discardOf(
  { anomalies }: ModelDescription,
  tensors: ReadonlyMap<string, PackedTensor>,
): PackedTensor {
  const [size] = (tensors.get('bank') as PackedTensor).shape;
  const bytes = new Uint8Array(size);
  for (const row of anomalies) bytes[row] = 1;
  return { dtype: 'BOOL', shape: [size], bytes };
}
