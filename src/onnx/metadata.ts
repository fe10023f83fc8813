import { type Preparation, savedPreparation } from '../images/preparation.js';
import type { StoredTensors } from '../learning/stored-tensors.js';
import type { ModelDescription } from '../model/model-file.js';
import type { NormalScores } from '../model/normal-scores.js';
import type { SaladSettings } from '../model/options.js';
import { check } from '../support/check.js';
import type { DecisionThreshold } from '../support/decision-threshold.js';
import { restsOn } from '../support/rests-on.js';
import { readMetadata } from './read-metadata.js';

/** What every file says of itself. */
export const NOTICE =
  'Research software, not a medical device: a score is no diagnosis. Scores films by SALAD (Bozorgtabar et al., MICCAI 2020). The weights and the bank come of the images that the model learnt from: whoever passes on the file needs the right to that.';

/** What every file has. */
export const NOTICE_TEXTS: Readonly<Record<string, string>> = Object.freeze({
  'salad-ad.notice': NOTICE,
  'salad-ad.verdicts': JSON.stringify({ 0: 'normal', 1: 'anomalous', 2: 'invalid' }),
});

/** What a calibrated model has. */
export function calibrationTexts(
  threshold: DecisionThreshold | undefined,
  normalScores: NormalScores | undefined,
): Record<string, string> {
  return {
    ...(threshold && { 'salad-ad.threshold': JSON.stringify(threshold) }),
    ...(normalScores && {
      'salad-ad.normalScores': JSON.stringify(normalScores),
      'salad-ad.restsOn': restsOn(normalScores.all.length),
    }),
  };
}

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
  { weights, bank, bankLoss }: HeldNumbers,
  origins: CellOrigins | undefined,
): Record<string, string> {
  const { augmentation: _, ...steps } = preparation.toJSON();
  return {
    ...NOTICE_TEXTS,
    'salad-ad.preparation': JSON.stringify(steps),
    'salad-ad.settings': JSON.stringify(settings),
    'salad-ad.backbone': JSON.stringify(backbone),
    ...calibrationTexts(threshold, normalScores),
    'salad-ad.held': JSON.stringify({ weights, bank, bankLoss }),
    ...(origins && { 'salad-ad.cells': JSON.stringify(origins) }),
  };
}

/** Where the rows of the bank of cells come from: images by their index in the training source, and cells of the grid. */
export interface CellOrigins {
  readonly films: readonly number[];
  readonly places: readonly number[];
}

/** The origins that a model's file holds; undefined where it has no cells. */
export function cellOrigins(tensors: StoredTensors): CellOrigins | undefined {
  const [films, places] = ['cells/films', 'cells/places'].map((name) => tensors.get(name)?.values);
  return films && places && { films: Array.from(films), places: Array.from(places) };
}

/** What scoring needs to know of a file besides its graph. */
interface ScoringFacts {
  readonly preparation: Preparation;
  readonly threshold?: DecisionThreshold;
  readonly normalScores?: NormalScores;
  readonly settings: SaladSettings;
  readonly origins?: CellOrigins;
}

/** The facts of a file. @throws INVALID_OPTION for a file that is none of toOnnx */
export function scoringFacts(where: string, file: Uint8Array): ScoringFacts {
  const {
    'salad-ad.preparation': steps,
    'salad-ad.threshold': threshold,
    'salad-ad.normalScores': normalScores,
    'salad-ad.settings': settings = '{}',
    'salad-ad.cells': origins,
  } = readMetadata(where, file);
  check(
    steps !== undefined,
    'INVALID_OPTION',
    () =>
      `${where}: file is not of one model of salad-ad; expected a file that toOnnx wrote of a SaladModel, unchanged; run that of a sum of models by the session itself.`,
  );
  return {
    preparation: savedPreparation(where, JSON.parse(steps)),
    ...(threshold !== undefined && { threshold: JSON.parse(threshold) }),
    ...(normalScores !== undefined && { normalScores: JSON.parse(normalScores) }),
    settings: JSON.parse(settings),
    ...(origins !== undefined && { origins: JSON.parse(origins) }),
  };
}
