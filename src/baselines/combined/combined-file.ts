import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../../backbones/backbone.js';
import type { ImageNormalization } from '../../images/image-normalization.js';
import { checkUndamaged, checkValue } from '../../learning/damaged.js';
import type { DetectorConfig } from '../../learning/detector.js';
import type { FittedCalibration } from '../../model/calibrated.js';
import { normalizerRule, normalScoresRule, thresholdRule } from '../../model/description-rules.js';
import { scoresOfNormals } from '../../model/earlier-files.js';
import type { SaladModel } from '../../model/salad-model.js';
import { aNumber, anObject, fields, optional, valuesOf } from '../../support/json-rules.js';
import type { Learnt } from '../detector/body.js';
import { packedModel, unpackedModel } from '../detector/packed-model.js';
import type { Spreads } from './combined-scores.js';
import type { CombinedDetectorOptions } from './terms.js';

/** What a combined detector knows besides its models. */
export interface CombinedState {
  readonly spreads: Spreads;
  readonly calibration?: FittedCalibration;
}

/** What a file cannot hold, by the name of a model. */
export interface PiecesByModel {
  readonly backbones?: Readonly<Record<string, Backbone>>;
  readonly imageNormalization?: ImageNormalization;
}

const prefixOf = (name: string) => `models/${name}/`;

/** Models and state as tensors, which the caller disposes, and JSON. */
export async function packCombined(
  models: Readonly<Record<string, SaladModel>>,
  { spreads, calibration }: CombinedState,
): Promise<Learnt> {
  const tensors: Learnt['tensors'] = {};
  const ofModels: Record<string, unknown> = {};
  try {
    for (const [name, model] of Object.entries(models)) {
      const packed = await packedModel(model, prefixOf(name));
      Object.assign(tensors, packed.tensors);
      ofModels[name] = packed.facts;
    }
    return { tensors, facts: { models: ofModels, spreads, calibration } };
  } catch (error) {
    tf.dispose(tensors);
    throw error;
  }
}

const factsRule = fields({
  models: valuesOf(anObject),
  spreads: valuesOf(fields({ mean: aNumber(), deviation: aNumber({ above: 0 }) })),
  calibration: optional(
    fields({
      normalizer: normalizerRule,
      threshold: thresholdRule,
      normalScores: optional(normalScoresRule),
    }),
  ),
});

/** What `packCombined` wrote; the tensors stay the caller's. @throws MODEL_DAMAGED, and what `SaladModel.load` throws */
export async function unpackCombined(
  where: string,
  config: DetectorConfig,
  { tensors, facts }: Learnt,
  pieces: PiecesByModel,
): Promise<{ options: CombinedDetectorOptions; state: CombinedState }> {
  checkValue(where, 'facts', facts, factsRule);
  checkValue(where, 'config', config, fields({ models: anObject }));
  const {
    models: ofModels,
    spreads,
    calibration,
  } = facts as unknown as CombinedState & {
    models: Readonly<Record<string, Learnt['facts']>>;
  };
  const { terms, weights } = config as unknown as CombinedDetectorOptions;
  checkUndamaged(
    where,
    Array.isArray(terms) && terms.every((name) => Object.hasOwn(spreads, name)),
    () => 'a term has no mean and deviation',
  );
  const models: Record<string, SaladModel> = {};
  try {
    for (const name of Object.keys(config.models as object)) {
      checkUndamaged(where, Object.hasOwn(ofModels, name), () => 'a model is missing');
      const learnt = { tensors, facts: ofModels[name] };
      const { name: saved } = normalizationIn(ofModels[name]);
      models[name] = await unpackedModel(learnt, prefixOf(name), pieceOf(pieces, name, saved));
    }
    return {
      options: { models, terms, weights },
      state: { spreads, calibration: calibration && withNormalScores(calibration) },
    };
  } catch (error) {
    for (const model of Object.values(models)) model.dispose();
    throw error;
  }
}

/** Of a file that has no scores of normals but what its normalizer is made of. */
function withNormalScores(calibration: FittedCalibration): FittedCalibration {
  return {
    ...calibration,
    normalScores: calibration.normalScores ?? scoresOfNormals(calibration.normalizer),
  };
}

/** What was handed in for one model: its backbone, and the image normalisation where its own has that name. */
export function pieceOf(
  { backbones = {}, imageNormalization }: PiecesByModel,
  name: string,
  normalization: string | undefined,
) {
  return {
    ...(Object.hasOwn(backbones, name) && { backbone: backbones[name] }),
    ...(imageNormalization?.name === normalization && { imageNormalization }),
  };
}

function normalizationIn({ userDefinedMetadata }: Learnt['facts']): { name?: string } {
  const { saladAd } = Object(userDefinedMetadata) as {
    saladAd?: { imageNormalization?: { name?: string } };
  };
  return saladAd?.imageNormalization ?? {};
}
