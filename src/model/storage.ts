import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import { backboneFromConfig, checkBackboneSize } from '../backbones/from-config.js';
import { checkSameEncoder } from '../backbones/frozen.js';
import type { ImageNormalization } from '../images/image-normalization.js';
import { normalizationFromJSON } from '../images/normalization-from-json.js';
import { withRecipe } from '../images/preparation.js';
import { handlerOf } from '../learning/artifacts.js';
import { readTensors } from '../learning/stored-tensors.js';
import { namingCall } from '../support/errors.js';
import { encodeModel, openModel } from './model-file.js';
import { checkAlive, type ModelPieces } from './model-state.js';
import { resolveNetwork } from './network.js';
import { resolveSettings } from './options.js';
import { packModel, type SaveOptions } from './pack-model.js';
import { checkUnitRows } from './saved-bank.js';
import { unpackModel } from './unpack-model.js';

/** What a file cannot hold. */
interface LoadOptions {
  readonly backbone?: Backbone;
  readonly imageNormalization?: ImageNormalization;
}

/** Writes a model to where a handler puts it. */
export async function saveModel(
  where: string,
  handlerOrUrl: tf.io.IOHandler | string,
  model: ModelPieces,
  options: SaveOptions,
): Promise<tf.io.SaveResult> {
  checkAlive(where, model);
  const handler = handlerOf(where, handlerOrUrl, 'save');
  const { temporary, ...contents } = packModel(model, options);
  try {
    const artifacts = await encodeModel(contents);
    return await namingCall(where, () => (handler.save as tf.io.SaveHandler)(artifacts));
  } finally {
    tf.dispose(temporary);
  }
}

/**
 * What `saveModel` wrote, as it was. Everything small is checked before anything of size is done, and the file before a
 * network is made for it.
 *
 * @throws NOT_A_MODEL | TRUNCATED_MODEL | MODEL_DAMAGED | FORMAT_VERSION | INVALID_OPTION | UNKNOWN_OPTION
 */
export async function loadModel(
  where: string,
  handlerOrUrl: tf.io.IOHandler | string,
  options: LoadOptions,
): Promise<ModelPieces> {
  const handler = handlerOf(where, handlerOrUrl, 'load');
  const artifacts = await namingCall(where, () =>
    (handler.load as () => Promise<tf.io.ModelArtifacts>)(),
  );
  const opened = openModel(artifacts);
  const { description, weights } = opened;
  const imageNormalization = normalizationFromJSON(
    description.imageNormalization as { name: string; options: Record<string, unknown> },
    options.imageNormalization,
    where,
  );
  const { resize } = description;
  const given = { ...description.settings, imageNormalization, resize };
  const settings = resolveSettings(where, given);
  if (options.backbone) checkSameEncoder(where, description.backbone, options.backbone);
  else checkBackboneSize(where, description.backbone, weights.count);
  const tensors = readTensors(where, artifacts, 'saladAd', weights);
  checkUnitRows(where, 'bank', tensors.get('bank'));
  checkUnitRows(where, 'training/bank', tensors.get('training/bank'));
  const backbone =
    options.backbone ??
    (await backboneFromConfig(description.backbone, `${where}: backbone`, weights.count));
  try {
    const { preparation, ...resolved } = resolveNetwork(where, { ...given, backbone }, settings);
    const network = {
      ...resolved,
      preparation: withRecipe(where, preparation, description.recipe),
    };
    return {
      network,
      settings,
      state: unpackModel({ description: { ...description, settings }, tensors }, backbone),
    };
  } catch (error) {
    if (!options.backbone) backbone.dispose();
    throw error;
  }
}
