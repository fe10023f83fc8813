import type * as tf from '@tensorflow/tfjs-core';
import type { DetectorConfig } from '../../core/detector.js';
import { checkFormatVersion, decodeTensors, encodeArtifacts } from '../../learning/artifacts.js';
import { withCurrentValues } from '../../learning/earlier-values.js';
import { check } from '../../support/check.js';
import type { Learnt } from './body.js';

/** Raised when a reader of today would misread a file of then; older files stay readable. */
const FORMAT_VERSION = 1;

/** A detector's file taken apart; the tensors are the caller's. */
export interface DetectorContents extends Learnt {
  readonly config: DetectorConfig;
}

/** Puts a detector's file together, in the form every tf.io handler takes. The tensors are only read. */
export async function encodeDetector(contents: DetectorContents): Promise<tf.io.ModelArtifacts> {
  const { config, facts, tensors } = contents;
  return encodeArtifacts('Detector', tensors, {
    saladAdDetector: { formatVersion: FORMAT_VERSION, config, facts },
  });
}

/** Takes a detector's file apart. @throws NOT_A_MODEL | FORMAT_VERSION | TRUNCATED_MODEL */
export function decodeDetector(where: string, artifacts: tf.io.ModelArtifacts): DetectorContents {
  const description = artifacts?.userDefinedMetadata?.saladAdDetector as
    | { formatVersion: number; config: DetectorConfig; facts: Learnt['facts'] }
    | undefined;
  check(
    typeof description?.config?.kind === 'string' && typeof description.facts === 'object',
    'NOT_A_MODEL',
    () => `${where}: the file holds no detector of salad-ad; expected one written by its save.`,
  );
  const { formatVersion, config, facts } = description;
  checkFormatVersion(where, formatVersion, FORMAT_VERSION);
  return { config: withCurrentValues(config), facts, tensors: decodeTensors(where, artifacts) };
}
