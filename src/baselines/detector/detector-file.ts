import type * as tf from '@tensorflow/tfjs-core';
import type { ImageRecipe } from '../../images/image-recipe.js';
import { encodeArtifacts } from '../../learning/artifacts.js';
import { checkValue } from '../../learning/damaged.js';
import type { DetectorConfig } from '../../learning/detector.js';
import {
  checkFormatVersion,
  type StoredWeights,
  storedWeights,
} from '../../learning/stored-tensors.js';
import { check } from '../../support/check.js';
import { anObject, aText, fields, optional } from '../../support/json-rules.js';
import type { Learnt } from './body.js';

/** Raised when a reader of today would misread a file of then; older files stay readable. */
const FORMAT_VERSION = 1;

/** A detector as it is put into a file; the tensors are the caller's. */
export interface DetectorContents extends Learnt {
  readonly config: DetectorConfig;
  /** How the images that it learnt from were made of files; absent where nobody knows. */
  readonly recipe?: ImageRecipe;
}

/** A detector's file of which everything small has been checked, and nothing of size been done. */
export interface OpenedDetector {
  readonly config: DetectorConfig;
  readonly recipe?: ImageRecipe;
  readonly facts: Learnt['facts'];
  readonly weights: StoredWeights;
}

/** Puts a detector's file together, in the form every tf.io handler takes. The tensors are only read. */
export async function encodeDetector(contents: DetectorContents): Promise<tf.io.ModelArtifacts> {
  const { config, recipe, facts, tensors } = contents;
  const description = { formatVersion: FORMAT_VERSION, config, recipe, facts };
  return encodeArtifacts('Detector', tensors, 'saladAdDetector', description);
}

const descriptionRule = fields({
  config: fields({ kind: aText }),
  recipe: optional(anObject),
  facts: anObject,
});

/** Checks what a detector's file says of itself. @throws NOT_A_MODEL | FORMAT_VERSION | TRUNCATED_MODEL | MODEL_DAMAGED */
export function openDetector(where: string, artifacts: tf.io.ModelArtifacts): OpenedDetector {
  const description = artifacts?.userDefinedMetadata?.saladAdDetector as
    | (Pick<DetectorContents, 'config' | 'recipe' | 'facts'> & { formatVersion: number })
    | undefined;
  check(
    typeof description?.config?.kind === 'string' && typeof description.facts === 'object',
    'NOT_A_MODEL',
    () => `${where}: the file holds no detector of salad-ad; expected one written by its save.`,
  );
  const { config, recipe, facts } = description;
  checkFormatVersion(where, description, FORMAT_VERSION);
  checkValue(where, '', description, descriptionRule);
  return { config, recipe, facts, weights: storedWeights(where, artifacts) };
}
