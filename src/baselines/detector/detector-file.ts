import type * as tf from '@tensorflow/tfjs-core';
import type { ImageRecipe } from '../../images/image-recipe.js';
import { checkFormatVersion, decodeTensors, encodeArtifacts } from '../../learning/artifacts.js';
import type { DetectorConfig } from '../../learning/detector.js';
import { check } from '../../support/check.js';
import type { Learnt } from './body.js';

/** Raised when a reader of today would misread a file of then; older files stay readable. */
const FORMAT_VERSION = 1;

/** A detector's file taken apart; the tensors are the caller's. */
export interface DetectorContents extends Learnt {
  readonly config: DetectorConfig;
  /** How the images that it learnt from were made of files; absent where nobody knows. */
  readonly recipe?: ImageRecipe;
}

/** Puts a detector's file together, in the form every tf.io handler takes. The tensors are only read. */
export async function encodeDetector(contents: DetectorContents): Promise<tf.io.ModelArtifacts> {
  const { config, recipe, facts, tensors } = contents;
  return encodeArtifacts('Detector', tensors, {
    saladAdDetector: { formatVersion: FORMAT_VERSION, config, recipe, facts },
  });
}

/** Takes a detector's file apart. @throws NOT_A_MODEL | FORMAT_VERSION | TRUNCATED_MODEL */
export function decodeDetector(where: string, artifacts: tf.io.ModelArtifacts): DetectorContents {
  const description = artifacts?.userDefinedMetadata?.saladAdDetector as
    | (Pick<DetectorContents, 'config' | 'recipe' | 'facts'> & { formatVersion: number })
    | undefined;
  check(
    typeof description?.config?.kind === 'string' && typeof description.facts === 'object',
    'NOT_A_MODEL',
    () => `${where}: the file holds no detector of salad-ad; expected one written by its save.`,
  );
  const { formatVersion, config, recipe, facts } = description;
  checkFormatVersion(where, formatVersion, FORMAT_VERSION);
  return { config, recipe, facts, tensors: decodeTensors(where, artifacts) };
}
