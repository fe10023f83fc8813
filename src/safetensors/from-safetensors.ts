import type { io } from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import { checkBackboneSize } from '../backbones/from-config.js';
import type { ImageNormalization } from '../images/image-normalization.js';
import { type ModelDescription, openModel } from '../model/model-file.js';
import { SaladModel } from '../model/salad-model.js';
import { checkBytes, checkKnownOptions, checkObject } from '../support/check.js';
import { namingCall } from '../support/errors.js';
import { BYTES_OF } from './format/dtypes.js';
import { readSafetensors, type SafetensorsFile } from './format/read.js';
import { describedBy } from './metadata.js';
import { discardedRows, tensorsOfFile } from './tensors-of-file.js';

const WHERE = 'fromSafetensors';

/**
 * The model of a safetensors file that `toSafetensors` made, or that another program wrote with the same names and metadata.
 *
 * Floats are read as F32 or F16, whole numbers as I32, I64 or U8. Where a program changes tensors on purpose, it leaves `checksum` out of
 * the metadata: a file that has one must be as it was written.
 *
 * @param bytes of the whole file.
 * @returns a model that scores as the written one did, to the bit; the caller disposes it.
 * @throws NOT_A_MODEL | TRUNCATED_MODEL | MODEL_DAMAGED | FORMAT_VERSION | INVALID_OPTION | UNKNOWN_OPTION | SHAPE_MISMATCH |
 * BACKEND_NOT_READY
 * @see https://huggingface.co/docs/safetensors, "Format"
 * @example
 * import { readFile } from 'node:fs/promises';
 *
 * const model = await fromSafetensors(await readFile('model.safetensors'));
 */
export async function fromSafetensors(
  bytes: Uint8Array,
  options: {
    /** Required for a backbone that is not the library's, and for a frozen encoder, as in `SaladModel.load`. @defaultValue the one in the file */
    readonly backbone?: Backbone;
    /** Required for a `customNormalization`. @defaultValue the one in the file */
    readonly imageNormalization?: ImageNormalization;
  } = {},
): Promise<SaladModel> {
  checkBytes(WHERE, 'bytes', bytes);
  checkKnownOptions(WHERE, options, { backbone: true, imageNormalization: true });
  const { backbone } = options;
  if (backbone !== undefined)
    checkObject(WHERE, 'backbone', backbone, 'a Backbone', ['encode', 'config']);
  return namingCall(WHERE, () => {
    const artifacts = artifactsOf(bytes, backbone);
    return SaladModel.load({ load: async () => artifacts }, options);
  });
}

/** The file as `save` would have written it. */
function artifactsOf(bytes: Uint8Array, backbone: Backbone | undefined): io.ModelArtifacts {
  const { tensors, metadata } = readSafetensors(WHERE, bytes);
  const anomalies = discardedRows(WHERE, tensors);
  const written: ModelDescription = { ...describedBy(WHERE, metadata), anomalies };
  // Weights are looked for by a description whose types and ranges are known, and that fits into the file.
  const { description } = openModel({ userDefinedMetadata: { saladAd: written } });
  if (!backbone) checkBackboneSize(WHERE, description.backbone, countOf(tensors));
  const config = backbone?.config ?? description.backbone;
  const { specs, data } = tensorsOfFile(WHERE, tensors, config);
  const checksum = metadata.get('checksum');
  return {
    weightSpecs: [...specs],
    weightData: [...data],
    userDefinedMetadata: { saladAd: written, ...(checksum !== undefined && { checksum }) },
  };
}

/** Numbers in all. */
function countOf(tensors: SafetensorsFile['tensors']): number {
  return [...tensors.values()].reduce(
    (sum, { dtype, bytes }) => sum + bytes.length / BYTES_OF[dtype],
    0,
  );
}
