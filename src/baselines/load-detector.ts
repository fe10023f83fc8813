import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import { backboneFromConfig } from '../backbones/from-config.js';
import type { Detector, DetectorConfig } from '../core/detector.js';
import type { ImageNormalization } from '../images/image-normalization.js';
import { normalizationFromJSON } from '../images/normalization-from-json.js';
import { handlerOf } from '../learning/artifacts.js';
import type { SaladOptions } from '../model/options.js';
import { SaladModel } from '../model/salad-model.js';
import { check, checkKnownOptions } from '../support/check.js';
import { checkBackendReady } from '../support/train-check.js';
import type { BaselineDetector } from './detector/baseline-detector.js';
import { decodeDetector } from './detector/detector-file.js';
import { detectorKinds } from './kinds.js';
import { renamedKind } from './renamed-kinds.js';

/** What a file or a config cannot hold. */
export interface DetectorPieces {
  /** Required for a `SaladModel` on a backbone that is not the library's. */
  readonly backbone?: Backbone;
  /** Required for a custom one. */
  readonly imageNormalization?: ImageNormalization;
}

/**
 * An untrained detector from its `config`, whichever kind it is: what a file of experiments holds.
 *
 * @throws INVALID_OPTION for a kind that the library does not know, and whatever its options throw
 * @example
 * const twin = await detectorFromConfig(JSON.parse(JSON.stringify(detector.config)));
 */
export async function detectorFromConfig(
  config: DetectorConfig,
  pieces: DetectorPieces = {},
): Promise<Detector> {
  const where = 'detectorFromConfig';
  checkKnownOptions(where, pieces, { backbone: true, imageNormalization: true });
  const { kind: given, imageNormalization: saved, features, ...options } = config;
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
      pieces.backbone ?? (await backboneFromConfig(options.backbone as Backbone['config']));
    return SaladModel.create({
      ...(options as object),
      backbone,
      imageNormalization,
    } as SaladOptions);
  }
  const factory = Object.hasOwn(detectorKinds, kind) ? detectorKinds[kind] : undefined;
  check(
    factory !== undefined,
    'INVALID_OPTION',
    () =>
      `${where}: kind is '${given}'; expected one of 'salad', ${Object.keys(detectorKinds)
        .map((name) => `'${name}'`)
        .join(', ')}.`,
    { kind: given },
  );
  const model = features && (await detectorFromConfig(features as DetectorConfig, pieces));
  return factory({ ...options, imageNormalization, ...(model ? { features: model } : {}) });
}

/**
 * A fitted detector from a file, whichever kind saved it.
 *
 * @param handlerOrUrl any tf.io handler, or a URL that a registered one knows.
 * @throws NOT_A_MODEL | TRUNCATED_MODEL | FORMAT_VERSION | INVALID_OPTION
 * @example
 * const detector = await loadDetector(fileSystem('deep-svdd'));
 */
export async function loadDetector(
  handlerOrUrl: tf.io.IOHandler | string,
  pieces: DetectorPieces = {},
): Promise<Detector> {
  const where = 'loadDetector';
  checkBackendReady(where);
  const handler = handlerOf(where, handlerOrUrl, 'load');
  const artifacts = await (handler.load as () => Promise<tf.io.ModelArtifacts>)();
  if (artifacts?.userDefinedMetadata && 'saladAd' in artifacts.userDefinedMetadata) {
    return SaladModel.load({ load: async () => artifacts }, pieces);
  }
  const { config, ...learnt } = decodeDetector(where, artifacts);
  try {
    const detector = (await detectorFromConfig(config, pieces)) as BaselineDetector;
    await detector.restore(where, learnt);
    return detector;
  } finally {
    tf.dispose(learnt.tensors);
  }
}
