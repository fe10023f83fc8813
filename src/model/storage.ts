import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import { backboneFromConfig } from '../backbones/from-config.js';
import type { ImageNormalization } from '../images/image-normalization.js';
import { normalizationFromJSON } from '../images/normalization-from-json.js';
import { withRecipe } from '../images/preparation.js';
import { handlerOf } from '../learning/artifacts.js';
import { namingCall } from '../support/errors.js';
import { decodeModel, encodeModel } from './model-file.js';
import { checkAlive, type ModelPieces } from './model-state.js';
import { resolveNetwork } from './network.js';
import { resolveSettings } from './options.js';
import { packModel, type SaveOptions } from './pack-model.js';
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
    return await (handler.save as tf.io.SaveHandler)(artifacts);
  } finally {
    tf.dispose(temporary);
  }
}

/**
 * What `saveModel` wrote, as it was.
 *
 * @throws NOT_A_MODEL | TRUNCATED_MODEL | FORMAT_VERSION | INVALID_OPTION
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
  const contents = decodeModel(artifacts);
  const { description } = contents;
  let backbone: Backbone | undefined;
  try {
    const imageNormalization = normalizationFromJSON(
      description.imageNormalization as { name: string; options: Record<string, unknown> },
      options.imageNormalization,
      where,
    );
    backbone =
      options.backbone ?? (await backboneFromConfig(description.backbone, `${where}: backbone`));
    const given = {
      ...description.settings,
      backbone,
      imageNormalization,
      resize: description.resize,
    };
    const settings = resolveSettings(where, given);
    const { preparation, ...resolved } = resolveNetwork(where, given, settings);
    const network = {
      ...resolved,
      preparation: withRecipe(where, preparation, description.recipe),
    };
    return { network, settings, state: await unpackModel(contents, backbone) };
  } catch (error) {
    if (!options.backbone) backbone?.dispose();
    throw error;
  } finally {
    tf.dispose(contents.tensors);
  }
}
