import type * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../backbones/backbone.js';
import type { ScoreNormalizer } from '../core/calibration.js';
import type { ImageRecipe } from '../images/image-recipe.js';
import type { ResizePolicy } from '../images/resize.js';
import { encodeArtifacts } from '../learning/artifacts.js';
import { checkValue } from '../learning/damaged.js';
import { withCurrentValues } from '../learning/earlier-values.js';
import {
  checkFormatVersion,
  type StoredWeights,
  storedWeights,
} from '../learning/stored-tensors.js';
import { check } from '../support/check.js';
import type { DecisionThreshold } from '../support/decision-threshold.js';
import { descriptionRule } from './description-rules.js';
import type { EpochSoFar } from './epoch-so-far.js';
import type { EpochLog } from './history.js';
import type { NormalScores } from './normal-scores.js';
import type { SaladSettings } from './options.js';
import type { ScoreSpreads } from './score-spreads.js';
import type { StoredBank } from './stored-bank.js';

/** Raised when a reader of today would misread a file of then; older files stay readable. */
export const FORMAT_VERSION = 1;

/** The JSON half of a model file; the other half is tensors by name. */
export interface ModelDescription {
  readonly formatVersion: number;
  readonly settings: SaladSettings;
  readonly backbone: Backbone['config'];
  readonly imageNormalization: { readonly name: string; readonly options: object };
  readonly resize?: ResizePolicy;
  /** How the images that it learnt from were made of files; absent where it learnt from arrays, and in files of version 0.1. */
  readonly recipe?: ImageRecipe;
  /** Rows of known anomalies, left out of scoring. */
  readonly anomalies: readonly number[];
  /** Of a bank that lies in a store: its rows, and a few of them by which it is known again; absent where the file has the bank. */
  readonly stored?: Omit<StoredBank, 'attached'>;
  /** Names of the training images, only where asked for. */
  readonly ids?: readonly string[];
  readonly normalizer?: ScoreNormalizer;
  readonly threshold?: DecisionThreshold;
  /** Of the images that set both; absent before calibration, and in files of before version 0.3. */
  readonly normalScores?: NormalScores;
  readonly history: readonly EpochLog[];
  /** By which the sum of two scores is standardised; absent where the score is one of them, and in files of version 0.2. */
  readonly spreads?: ScoreSpreads;
  /** The epoch whose weights are kept, where validation chose them. */
  readonly best?: { readonly epoch: number; readonly validationAuc: number };
  readonly training?: {
    readonly pixelVariance: number;
    readonly sourceKey: string;
    readonly optimizerSteps: number;
    readonly selectionRound: number;
    readonly epochSoFar: EpochSoFar;
    /** The best epoch so far, where validation chooses. */
    readonly best?: { readonly epoch: number; readonly validationAuc: number };
  };
}

/** A model as it is put into a file; the tensors are the caller's. */
export interface ModelContents {
  readonly description: ModelDescription;
  readonly tensors: tf.NamedTensorMap;
}

/** A model file of which everything small has been checked, and nothing of size been done. */
export interface OpenedModel {
  readonly description: ModelDescription;
  readonly weights: StoredWeights;
}

/** Puts a model file together, in the form every tf.io handler takes. The tensors are only read. */
export async function encodeModel(contents: ModelContents): Promise<tf.io.ModelArtifacts> {
  const { description, tensors } = contents;
  return encodeArtifacts('SaladModel', tensors, 'saladAd', description);
}

/** What a description cannot do without. */
const REQUIRED = ['settings', 'backbone', 'imageNormalization', 'anomalies', 'history'] as const;

/**
 * Checks what a model file says of itself, by type and range, and against the bytes that it has.
 *
 * @throws NOT_A_MODEL | FORMAT_VERSION | TRUNCATED_MODEL | MODEL_DAMAGED
 */
export function openModel(artifacts: tf.io.ModelArtifacts): OpenedModel {
  const where = 'SaladModel.load';
  const description = artifacts?.userDefinedMetadata?.saladAd as ModelDescription | undefined;
  check(
    typeof description === 'object' && description !== null && 'formatVersion' in description,
    'NOT_A_MODEL',
    () =>
      `${where}: the file holds no salad-ad model (no userDefinedMetadata.saladAd); expected one written by SaladModel.save.`,
  );
  checkFormatVersion(where, description, FORMAT_VERSION);
  check(
    REQUIRED.every((name) => typeof description[name] === 'object' && description[name] !== null),
    'NOT_A_MODEL',
    () =>
      `${where}: the file's description lacks ${REQUIRED.filter((name) => !description[name]).join(', ')}; expected one written by SaladModel.save, unchanged.`,
  );
  checkValue(where, '', description, descriptionRule);
  // Files of before cells score by the embedding, whatever the default is now.
  const before: Pick<SaladSettings, 'score'> = { score: 'embedding' };
  const settings = Object.assign(before, withCurrentValues(description.settings));
  return { description: { ...description, settings }, weights: storedWeights(where, artifacts) };
}
