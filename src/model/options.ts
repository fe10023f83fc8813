import type { Backbone } from '../backbones/backbone.js';
import type { BackboneOptions } from '../backbones/from-config.js';
import type { ScoreMethod } from '../core/anomaly-score.js';
import {
  type Augmentation,
  checkAugmentation,
  slightAugmentation,
} from '../images/augmentation.js';
import type { ImageNormalization } from '../images/image-normalization.js';
import type { ResizePolicy } from '../images/resize.js';
import {
  check,
  checkKnownOptions,
  checkNumber,
  namesOf,
  type OptionNames,
} from '../support/check.js';
import { type CellSettings, defaultCellSettings, resolveCells } from './cell-settings.js';

/** Settings of training and scoring; JSON, saved with the model. */
export interface SaladSettings {
  /** Seed of everything that is drawn: first weights, bank, shuffles, augmentation. Whole number. @defaultValue 0 */
  readonly seed: number;
  /** Epochs without anchors, round 0 (paper: 50). @defaultValue 10 */
  readonly pretrainEpochs: number;
  /** R, progressive rounds (paper: 10). 0 is the ablation without aggregation: put its epochs into `pretrainEpochs`. @defaultValue 5 */
  readonly rounds: number;
  /** Epochs of each round (paper: 50). @defaultValue 4 */
  readonly epochsPerRound: number;
  /** Images a step (paper: 16). The last batches are evened out so that none is tiny. @defaultValue 32 */
  readonly batchSize: number;
  /** Adam's step size, constant (paper: 1e-4). @defaultValue 0.002 */
  readonly learningRate: number;
  /** Adam's decay of the first moment (paper: 0.5). @defaultValue 0.9 */
  readonly beta1: number;
  /** Adam's decay of the second moment (paper: 0.999). @defaultValue 0.999 */
  readonly beta2: number;
  /** L2 penalty added to every gradient (paper: none). @defaultValue 0 */
  readonly weightDecay: number;
  /** tau of every softmax over the bank, in (0, 1] (paper: 0.1). @defaultValue 0.1 */
  readonly temperature: number;
  /** t, weight of the new embedding in the bank update, in [0, 1] (paper: 0.5). @defaultValue 0.5 */
  readonly momentum: number;
  /** lambda, weight of the latent loss (paper: 0.25). 0 on normals only is MemDAE. @defaultValue 0.05 */
  readonly latentWeight: number;
  /** Weight of the reconstruction loss (paper: 1). 0 is the ablation without it. @defaultValue 1 */
  readonly reconstructionWeight: number;
  /** `paper`: Eq. 3 as printed. `normalized`: each term in units of what it starts at. @defaultValue 'normalized' */
  readonly lossScale: 'paper' | 'normalized';
  /** `squared` (paper) or `absolute` error. @defaultValue 'squared' */
  readonly reconstructionError: 'squared' | 'absolute';
  /** Over an image's pixels: `mean` (the paper's words) or `sum` (its formula). @defaultValue 'mean' */
  readonly reconstructionReduction: 'mean' | 'sum';
  /** What is to be reconstructed: the augmented view that was encoded, or the image itself. @defaultValue 'view' */
  readonly reconstructionTarget: 'view' | 'image';
  /** k, neighbours of an anchor, itself not counted (paper: not given). @defaultValue 10 */
  readonly neighborhoodSize: number;
  /** Whether an anchor's own row counts in its neighbourhood's probability (paper, Eq. 2: false). @defaultValue true */
  readonly includeSelf: boolean;
  /** Whether anchors have the sample-specific loss too (paper: true). @defaultValue false */
  readonly overlap: boolean;
  /** Whether the own row counts in the entropy that ranks anchors. @defaultValue false */
  readonly entropyIncludesSelf: boolean;
  /** Variation of the training images. @defaultValue `slightAugmentation` */
  readonly augmentation: Augmentation;
  /**
   * What `scores`, the threshold and the validation AUC are made of: the embedding's angles to the bank (paper); the distances
   * of `cells` of the encoder's maps to a bank of cells; or the sum of the two, each in standard deviations from the mean of
   * normal images that made neither bank. Cells ask for a backbone that shows `maps`.
   *
   * @defaultValue 'both'; 'embedding' where the backbone shows no maps
   */
  readonly score: 'embedding' | 'cells' | 'both';
  /** Which of the two scores of the embedding counts; both are always reported. @defaultValue 'angular' */
  readonly method: ScoreMethod;
  /** How cells are read and judged, where `score` asks for them. @defaultValue two levels on the grid of the deeper one, a coreset of a tenth, mean distances */
  readonly cells: CellSettings;
  /** K, nearest rows of a score (paper: 100). @defaultValue 10 */
  readonly scoreNeighbors: number;
  /** Which weights are kept: those of the last epoch, or of the best validation AUC. @defaultValue 'last' */
  readonly keep: 'last' | 'bestValidation';
}

/** All that makes a model: a backbone, what is done to images before it, and any of the settings. */
export interface SaladOptions extends Partial<Omit<SaladSettings, 'augmentation' | 'cells'>> {
  /**
   * The network: options of one of the library, a function that makes one of the model's seed, or one that was made
   * beforehand. The first two get the model's seed, unless the options have one of their own; the last keeps the seed
   * that it was made with. It is owned by the model from here on, and disposed with it.
   *
   * Your own networks and `layersBackbone` cannot be options, since no JSON makes them at once: give a function.
   *
   * @example
   * SaladModel.create({ backbone: { kind: 'convAutoencoder', inputShape: [64, 64, 1] }, seed: 7 });
   * SaladModel.create({ backbone: (seed) => myBackbone(seed), seed: 7 });
   */
  readonly backbone: BackboneOptions | ((seed: number) => Backbone) | Backbone;
  /** Applied alike in training, scoring and after loading. @defaultValue `localContrast()` */
  readonly imageNormalization?: ImageNormalization;
  /** How images of another size are brought to the backbone's. @defaultValue none, and they are an error */
  readonly resize?: ResizePolicy;
  /** Limits that differ from `slightAugmentation`. @defaultValue `slightAugmentation` */
  readonly augmentation?: Partial<Augmentation>;
  /** Settings of cells that differ from the defaults. @defaultValue two levels on the grid of the deeper one, a coreset of a tenth, mean distances */
  readonly cells?: Partial<CellSettings>;
}

/** Settings that work on small sets of real radiographs, chosen on validation images. */
export const defaultSettings: SaladSettings = Object.freeze({
  seed: 0,
  pretrainEpochs: 10,
  rounds: 5,
  epochsPerRound: 4,
  batchSize: 32,
  learningRate: 2e-3,
  beta1: 0.9,
  beta2: 0.999,
  weightDecay: 0,
  temperature: 0.1,
  momentum: 0.5,
  latentWeight: 0.05,
  reconstructionWeight: 1,
  lossScale: 'normalized',
  reconstructionError: 'squared',
  reconstructionReduction: 'mean',
  reconstructionTarget: 'view',
  neighborhoodSize: 10,
  includeSelf: true,
  overlap: false,
  entropyIncludesSelf: false,
  augmentation: slightAugmentation,
  score: 'both',
  method: 'angular',
  scoreNeighbors: 10,
  cells: defaultCellSettings,
  keep: 'last',
} satisfies SaladSettings);

const notSettings: OptionNames<Omit<SaladOptions, keyof SaladSettings>> = {
  backbone: true,
  imageNormalization: true,
  resize: true,
};
const optionNames: OptionNames<SaladOptions> = {
  ...notSettings,
  ...namesOf<SaladSettings>(defaultSettings),
};

/** Where the number of epochs is said, for who looks for it under its usual name. */
const EPOCHS = 'pretrainEpochs + rounds * epochsPerRound are the epochs of a run';

/** A hint on an option of SaladModel.create that was given to another call. */
export function settingHint(name: string): string | undefined {
  if (name === 'epochs') return `${EPOCHS}: give these to SaladModel.create.`;
  return name in optionNames ? `It is an option of SaladModel.create.` : undefined;
}

/** Defaults filled in and every value checked. @throws UNKNOWN_OPTION | INVALID_OPTION */
export function resolveSettings(where: string, options: Partial<SaladOptions>): SaladSettings {
  checkKnownOptions(where, options, optionNames, (name) =>
    name === 'epochs' ? `${EPOCHS}.` : undefined,
  );
  const given = Object.fromEntries(
    Object.entries(options).filter(
      ([name, value]) => !(name in notSettings) && value !== undefined,
    ),
  ) as Partial<SaladSettings>;
  const augmentation = { ...slightAugmentation, ...given.augmentation };
  const cells = resolveCells(where, given.cells);
  const settings: SaladSettings = { ...defaultSettings, ...given, augmentation, cells };
  checkAugmentation(where, augmentation);
  for (const [name, range] of Object.entries(NUMBERS)) {
    checkNumber(where, name, settings[name as keyof typeof NUMBERS], range);
  }
  for (const [name, choices] of Object.entries(CHOICES)) {
    const value = settings[name as keyof typeof CHOICES];
    check(
      choices.includes(value as never),
      'INVALID_OPTION',
      () =>
        `${where}: ${name} is ${JSON.stringify(value)}; expected ${choices.map((c) => JSON.stringify(c)).join(' or ')}.`,
      { name, value },
    );
  }
  check(
    settings.latentWeight > 0 || settings.reconstructionWeight > 0,
    'INVALID_OPTION',
    () =>
      `${where}: latentWeight and reconstructionWeight are both 0, so there is nothing to learn; set one above 0.`,
  );
  return Object.freeze(settings);
}

/**
 * The settings of a model, by the maps that its backbone shows: where nobody said what it scores by, by the embedding alone without any;
 * where nobody said on which grid cells are read, on that of the deepest map read.
 */
export function withMapsOf(
  { mapSizes = [] }: Backbone,
  settings: SaladSettings,
  given: Pick<SaladOptions, 'score' | 'cells'>,
): SaladSettings {
  const score = given.score ?? (mapSizes.length > 0 ? settings.score : 'embedding');
  const { cells } = settings;
  const { levels } = cells;
  const deepest = mapSizes.at(typeof levels === 'number' ? -1 : levels[levels.length - 1] - 1);
  const grid = given.cells?.grid ?? deepest ?? cells.grid;
  return Object.freeze({ ...settings, score, cells: Object.freeze({ ...cells, grid }) });
}

const count = { min: 0, integer: true };
const atLeastOne = { min: 1, integer: true };
const share = { min: 0, max: 1 };
const NUMBERS = {
  seed: { integer: true },
  pretrainEpochs: count,
  rounds: count,
  epochsPerRound: atLeastOne,
  batchSize: atLeastOne,
  learningRate: { above: 0 },
  beta1: { min: 0, max: 0.999999 },
  beta2: { min: 0, max: 0.999999 },
  weightDecay: { min: 0 },
  temperature: { above: 0, max: 1 },
  momentum: share,
  latentWeight: { min: 0 },
  reconstructionWeight: { min: 0 },
  neighborhoodSize: atLeastOne,
  scoreNeighbors: atLeastOne,
} as const;

const CHOICES = {
  lossScale: ['paper', 'normalized'],
  reconstructionError: ['squared', 'absolute'],
  reconstructionReduction: ['mean', 'sum'],
  reconstructionTarget: ['view', 'image'],
  includeSelf: [true, false],
  overlap: [true, false],
  entropyIncludesSelf: [true, false],
  score: ['embedding', 'cells', 'both'],
  method: ['relative', 'angular'],
  keep: ['last', 'bestValidation'],
} as const;
