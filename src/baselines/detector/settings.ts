import { checkInputShape, withDefaults } from '../../backbones/options.js';
import {
  type Augmentation,
  checkAugmentation,
  slightAugmentation,
} from '../../images/augmentation.js';
import type { ImageNormalization } from '../../images/image-normalization.js';
import { localContrast } from '../../images/local-contrast.js';
import type { ImageShape } from '../../images/pixels.js';
import { preparationOf } from '../../images/preparation.js';
import type { ResizePolicy } from '../../images/resize.js';
import { checkChoice, checkNumber } from '../../support/check.js';

/** What every detector takes. */
export interface DetectorOptions {
  /** [height, width, channels] of one image, in pixels. */
  readonly inputShape: ImageShape;
  /** Applied alike in training, scoring and after loading. @defaultValue `localContrast()` */
  readonly imageNormalization?: ImageNormalization;
  /** How images of another size are brought to `inputShape`. @defaultValue none, and they are an error */
  readonly resize?: ResizePolicy;
  /** Of everything that is drawn, first weights too. Whole number. @defaultValue 0 */
  readonly seed?: number;
}

/** What every detector takes that learns in epochs. */
export interface TrainingOptions extends DetectorOptions {
  /** Passes over the training images. Whole number, at least 0. @defaultValue 30 */
  readonly epochs?: number;
  /** Images a step. The last batches are evened out so that none is tiny. @defaultValue 32 */
  readonly batchSize?: number;
  /** Adam's step size, constant. @defaultValue 0.001 */
  readonly learningRate?: number;
  /** Adam's decay of the first moment. @defaultValue 0.9 */
  readonly beta1?: number;
  /** Adam's decay of the second moment. @defaultValue 0.999 */
  readonly beta2?: number;
  /** L2 penalty added to every gradient. @defaultValue 0 */
  readonly weightDecay?: number;
  /** Limits that differ from `slightAugmentation`. @defaultValue `slightAugmentation` */
  readonly augmentation?: Partial<Augmentation>;
  /** Which weights are kept: those of the last epoch, or of the best validation AUC. @defaultValue 'last' */
  readonly keep?: 'last' | 'bestValidation';
  /** Epochs between two validations. The last epoch is validated in any case. @defaultValue 1 */
  readonly validateEvery?: number;
}

/** Options with the defaults filled in. */
export type DetectorSettings = Required<Omit<DetectorOptions, 'resize'>> &
  Pick<DetectorOptions, 'resize'>;
export type TrainingSettings = DetectorSettings &
  Required<Omit<TrainingOptions, keyof DetectorOptions | 'augmentation'>> & {
    readonly augmentation: Augmentation;
  };

/** The options that `Defaults` names, with their values. */
export type Resolved<Options, Base> = Base & Required<Omit<Options, keyof Base>>;

const TRAINING = {
  epochs: 30,
  batchSize: 32,
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  weightDecay: 0,
  augmentation: slightAugmentation,
  keep: 'last',
  validateEvery: 1,
} as const;

/** Defaults filled in and the shared values checked. @throws UNKNOWN_OPTION | INVALID_OPTION */
export function resolveDetector<Options extends DetectorOptions>(
  where: string,
  options: Options,
  defaults: Required<Omit<Options, keyof DetectorOptions>>,
): Resolved<Options, DetectorSettings> {
  const shared = { imageNormalization: localContrast(), resize: undefined, seed: 0 };
  const settings = withDefaults<DetectorOptions, typeof shared>(
    where,
    options,
    { ...shared, ...defaults },
    { inputShape: true },
  ) as Resolved<Options, DetectorSettings>;
  const { inputShape, imageNormalization, resize, seed } = settings;
  checkInputShape(where, inputShape);
  preparationOf(where, { inputShape, imageNormalization, resize });
  checkNumber(where, 'seed', seed, { integer: true });
  return settings;
}

/** The same for a detector that learns in epochs. @throws UNKNOWN_OPTION | INVALID_OPTION */
export function resolveTraining<Options extends TrainingOptions>(
  where: string,
  options: Options,
  defaults: Required<Omit<Options, keyof TrainingOptions>> & Partial<TrainingOptions>,
): Resolved<Options, TrainingSettings> {
  const filled = resolveDetector<DetectorOptions>(where, options, { ...TRAINING, ...defaults });
  const { augmentation: limits } = filled as TrainingOptions;
  const augmentation = { ...slightAugmentation, ...limits };
  const settings = { ...filled, augmentation } as Resolved<Options, TrainingSettings>;
  checkAugmentation(where, augmentation);
  for (const [name, range] of Object.entries(RANGES)) {
    checkNumber(where, name, settings[name as keyof typeof RANGES], range);
  }
  checkChoice(where, 'keep', settings.keep, ['last', 'bestValidation']);
  return settings;
}

const RANGES = {
  epochs: { min: 0, integer: true },
  batchSize: { min: 1, integer: true },
  learningRate: { above: 0 },
  beta1: { min: 0, max: 0.999999 },
  beta2: { min: 0, max: 0.999999 },
  weightDecay: { min: 0 },
  validateEvery: { min: 1, integer: true },
} as const;
