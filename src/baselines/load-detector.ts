import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import {
  backboneFromConfig,
  backboneOptions,
  checkBackboneSize,
} from '../backbones/from-config.js';
import type { ImageNormalization } from '../images/image-normalization.js';
import { normalizationFromJSON } from '../images/normalization-from-json.js';
import { handlerOf } from '../learning/artifacts.js';
import type { Detector, DetectorConfig } from '../learning/detector.js';
import { withCurrentValues } from '../learning/earlier-values.js';
import { readTensors, toTensors } from '../learning/stored-tensors.js';
import type { SaladOptions } from '../model/options.js';
import { SaladModel } from '../model/salad-model.js';
import { check, checkKnownOptions, checkObject, type OptionNames } from '../support/check.js';
import { namingCall } from '../support/errors.js';
import { checkBackendReady } from '../support/train-check.js';
import { combinedFromConfig, combinedFromFile } from './combined/combined-from.js';
import type { BaselineDetector } from './detector/baseline-detector.js';
import { openDetector } from './detector/detector-file.js';
import { detectorKinds } from './kinds.js';
import { renamedKind } from './renamed-kinds.js';

/** What a file or a config cannot hold. */
interface Pieces {
  readonly backbone?: Backbone;
  readonly backbones?: Readonly<Record<string, Backbone>>;
  readonly imageNormalization?: ImageNormalization;
}

const pieceNames: OptionNames<Pieces> = {
  backbone: true,
  backbones: true,
  imageNormalization: true,
};

/**
 * Makes an untrained detector from the `config` of one, whichever kind it is. Configs of version 0.1 are read too.
 *
 * @param config what `detector.config` gave, or JSON of it
 * @param pieces what JSON cannot hold
 * @returns a detector that has learnt nothing yet
 * @throws INVALID_OPTION for a kind that the library does not know; UNKNOWN_OPTION, SHAPE_MISMATCH and what else the options
 * throw
 * @example
 * const twin = await detectorFromConfig(JSON.parse(JSON.stringify(detector.config)));
 */
export async function detectorFromConfig(
  config: DetectorConfig,
  pieces: {
    /** Needed only for a `SaladModel` on a backbone that is not the library's. */
    readonly backbone?: Backbone;
    /** The same for the models of a `combinedDetector`, by their names. @defaultValue none */
    readonly backbones?: Readonly<Record<string, Backbone>>;
    /** Needed only for one that is not the library's. */
    readonly imageNormalization?: ImageNormalization;
  } = {},
): Promise<Detector> {
  const where = 'detectorFromConfig';
  checkObject(where, 'config', config, 'the config of a detector');
  return makeDetector(where, config, pieces);
}

/**
 * Loads a fitted detector from a file, whichever kind saved it.
 *
 * @param handlerOrUrl any tf.io handler, or a URL that a registered one knows
 * @param pieces what a file cannot hold
 * @returns the detector, which scores as it did when it was saved
 * @throws NOT_A_MODEL, TRUNCATED_MODEL, MODEL_DAMAGED, FORMAT_VERSION for a file of something else, cut short, damaged, or of a newer
 * version; BACKEND_NOT_READY, INVALID_OPTION, NO_DECODER, UNKNOWN_OPTION
 * @example
 * const detector = await loadDetector(fileSystem('deep-svdd'));
 */
export async function loadDetector(
  handlerOrUrl: tf.io.IOHandler | string,
  pieces: {
    /** Needed only for a `SaladModel` on a backbone that is not the library's. */
    readonly backbone?: Backbone;
    /** The same for the models of a `combinedDetector`, by their names. @defaultValue none */
    readonly backbones?: Readonly<Record<string, Backbone>>;
    /** Needed only for one that is not the library's. */
    readonly imageNormalization?: ImageNormalization;
  } = {},
): Promise<Detector> {
  const where = 'loadDetector';
  checkBackendReady(where);
  checkKnownOptions(where, pieces, pieceNames);
  const { backbones, ...ofOne } = pieces;
  const handler = handlerOf(where, handlerOrUrl, 'load');
  const artifacts = await namingCall(where, () =>
    (handler.load as () => Promise<tf.io.ModelArtifacts>)(),
  );
  const metadata: { saladAd?: unknown } | undefined = artifacts?.userDefinedMetadata;
  if (metadata?.saladAd !== undefined) {
    return namingCall(where, () => SaladModel.load({ load: async () => artifacts }, ofOne));
  }
  const { config, recipe, facts, weights } = openDetector(where, artifacts);
  if (config.kind === 'combinedDetector') {
    const stored = toTensors(readTensors(where, artifacts, 'saladAdDetector', weights));
    try {
      return await namingCall(where, () =>
        combinedFromFile(where, config, { tensors: stored, facts }, pieces),
      );
    } finally {
      tf.dispose(stored);
    }
  }
  const detector = (await makeDetector(where, config, pieces, weights.count)) as BaselineDetector;
  let tensors: tf.NamedTensorMap = {};
  try {
    tensors = toTensors(readTensors(where, artifacts, 'saladAdDetector', weights));
    await namingCall(where, () => detector.restore(where, { recipe, facts, tensors }));
    return detector;
  } catch (error) {
    detector.dispose();
    throw error;
  } finally {
    tf.dispose(tensors);
  }
}

async function makeDetector(
  where: string,
  config: DetectorConfig,
  pieces: Pieces,
  mostWeights = Number.POSITIVE_INFINITY,
): Promise<Detector> {
  checkKnownOptions(where, pieces, pieceNames);
  const {
    kind: given,
    imageNormalization: saved,
    features,
    ...options
  } = withCurrentValues(config);
  const kind = renamedKind(given);
  const imageNormalization = saved
    ? normalizationFromJSON(
        saved as { name: string },
        features ? undefined : pieces.imageNormalization,
        where,
      )
    : pieces.imageNormalization;
  if (kind === 'salad') {
    const backbone =
      pieces.backbone ??
      (await backboneSource(where, options.backbone as Backbone['config'], mostWeights));
    const made = { ...options, backbone, imageNormalization } as SaladOptions;
    return SaladModel.create(made, where);
  }
  if (kind === 'combinedDetector')
    return combinedFromConfig(where, options, pieces, (one, ofOne) =>
      makeDetector(where, one, ofOne, mostWeights),
    );
  const factory = Object.hasOwn(detectorKinds, kind) ? detectorKinds[kind] : undefined;
  check(
    factory !== undefined,
    'INVALID_OPTION',
    () =>
      `${where}: kind is '${given}'; expected one of 'salad', 'combinedDetector', ${Object.keys(
        detectorKinds,
      )
        .map((name) => `'${name}'`)
        .join(', ')}.`,
    { kind: given },
  );
  const model = features
    ? await makeDetector(where, features as DetectorConfig, pieces, mostWeights)
    : undefined;
  const made = { ...options, imageNormalization, ...(model ? { features: model } : {}) };
  try {
    return await namingCall(where, () => factory(made));
  } catch (error) {
    model?.dispose();
    throw error;
  }
}

/** Options, which get the model's seed where they have none; what no options describe is made here. */
async function backboneSource(
  where: string,
  config: Backbone['config'],
  mostWeights: number,
): Promise<SaladOptions['backbone']> {
  check(
    typeof config?.kind === 'string',
    'INVALID_OPTION',
    () => `${where}: backbone has no kind; expected the config of a backbone.`,
  );
  checkBackboneSize(where, config, mostWeights);
  return backboneOptions(config) ?? backboneFromConfig(config, where, mostWeights);
}
