import { type Preparation, savedPreparation } from '../images/preparation.js';
import type { ModelDescription } from '../model/model-file.js';
import type { NormalScores } from '../model/normal-scores.js';
import { check } from '../support/check.js';
import type { DecisionThreshold } from '../support/decision-threshold.js';
import { restsOn } from '../support/rests-on.js';
import { readMetadata } from './read-metadata.js';

/** What every file says of itself. */
export const NOTICE =
  'Research software, not a medical device: a score is no diagnosis. Scores films by SALAD (Bozorgtabar et al., MICCAI 2020). The weights and the bank come of the images that the model learnt from: whoever passes on the file needs the right to that.';

/** How the numbers of a file are held. */
export interface HeldNumbers {
  readonly weights: string;
  readonly bank: string;
  /** How far the farthest row is from what it was. */
  readonly bankLoss: number;
}

/** What a file says of its model, by keys of its metadata; values are JSON where they are no text. */
export function metadataOf(
  { settings, backbone, threshold, normalScores }: ModelDescription,
  preparation: Preparation,
  held: HeldNumbers,
): Record<string, string> {
  const { augmentation: _, ...steps } = preparation.toJSON();
  return {
    'salad-ad.notice': NOTICE,
    'salad-ad.preparation': JSON.stringify(steps),
    'salad-ad.settings': JSON.stringify(settings),
    'salad-ad.backbone': JSON.stringify(backbone),
    ...(threshold && { 'salad-ad.threshold': JSON.stringify(threshold) }),
    ...(normalScores && {
      'salad-ad.normalScores': JSON.stringify(normalScores),
      'salad-ad.restsOn': restsOn(normalScores.all.length),
    }),
    'salad-ad.held': JSON.stringify(held),
    'salad-ad.verdicts': JSON.stringify({ 0: 'normal', 1: 'anomalous', 2: 'invalid' }),
  };
}

/** What scoring needs to know of a file besides its graph. */
interface ScoringFacts {
  readonly preparation: Preparation;
  readonly threshold?: DecisionThreshold;
  readonly normalScores?: NormalScores;
}

/** The facts of a file. @throws INVALID_OPTION for a file that is none of toOnnx */
export function scoringFacts(where: string, file: Uint8Array): ScoringFacts {
  const {
    'salad-ad.preparation': steps,
    'salad-ad.threshold': threshold,
    'salad-ad.normalScores': normalScores,
  } = readMetadata(where, file);
  check(
    steps !== undefined,
    'INVALID_OPTION',
    () =>
      `${where}: file has no metadata of salad-ad; expected a file that toOnnx wrote, unchanged.`,
  );
  return {
    preparation: savedPreparation(where, JSON.parse(steps)),
    ...(threshold !== undefined && { threshold: JSON.parse(threshold) }),
    ...(normalScores !== undefined && { normalScores: JSON.parse(normalScores) }),
  };
}
