import { checkPatientsDisjoint } from '../data/patients.js';
import { checkRecipe } from '../images/image-recipe.js';
import type { ImageSource } from '../images/image-source.js';
import { type Preparation, withRecipe } from '../images/preparation.js';
import { checkAllRead, type ImageProblem } from '../images/problems.js';
import { asSource, type Images } from '../learning/as-source.js';
import { checkReadable } from '../learning/intake.js';
import {
  checkBothClasses,
  checkLabelsUsed,
  checkSomeNormal,
  hasBothClasses,
  labelsOf,
  labelWarnings,
} from '../learning/labels.js';
import { RangeWatch } from '../learning/range-watch.js';
import { check } from '../support/check.js';
import { checkBackendReady, checkCanTrain } from '../support/train-check.js';
import type { SaladWarning } from '../support/warning.js';
import { readsCells } from './cell-banks.js';
import { groupsOf } from './image-groups.js';
import { checkCellsOf } from './inference.js';
import { checkAlive, type ModelPieces } from './model-state.js';
import type { Network } from './network.js';
import { totalEpochs } from './schedule.js';
import type { TrainerOptions } from './training-options.js';
import {
  checkSameImages,
  disposeTrainingState,
  freshState,
  type TrainingState,
} from './training-state.js';

/** What a trainer works with from its first step to its end. */
export interface TrainingRun extends Pick<TrainerOptions, 'signal' | 'onWarning' | 'calibration'> {
  /** The model's, with the threads of this run. */
  readonly network: Network;
  readonly source: ImageSource;
  readonly validation?: ImageSource;
  readonly training: TrainingState;
}

/**
 * Checks everything that can be checked before the first step, and makes the state of the run that begins, or
 * finds that of the run that goes on.
 */
export async function prepareRun(
  where: string,
  model: ModelPieces,
  images: Images,
  options: TrainerOptions,
): Promise<TrainingRun> {
  checkAlive(where, model);
  options.signal?.throwIfAborted();
  checkBackendReady(where);
  const { signal, imagePool, resume, onWarning, calibration } = options;
  const convolves = model.network.backbone.trainable.some((variable) => variable.rank === 4);
  if (totalEpochs(model.settings) > 0 && convolves) checkCanTrain(where);
  if (readsCells(model.settings)) await checkCellsOf(where, model.network, model.settings.cells);
  const source = await asSource(where, images);
  const validation =
    options.validation && (await asSource(where, options.validation, 'validation'));
  check(
    source.length > 1,
    'EMPTY_SET',
    () =>
      `${where}: one training image was given; expected at least two, since a bank of one row has no neighbours.`,
  );
  checkLabelsUsed(where, source);
  checkSomeNormal(where, source);
  const preparation = learntBy(where, model, source, resume);
  if (validation) checkRecipe(where, preparation, validation);
  if (validation && calibration?.sensitivity !== undefined) checkBothClasses(where, validation);
  if (validation) groupsOf(where, calibration?.groups, validation);
  const network = { ...model.network, preparation, imagePool };
  const preparing = { ...network, signal };
  checkPatientsDisjoint({ train: source, validation }, where);
  check(
    model.settings.keep === 'last' || (validation !== undefined && hasBothClasses(validation)),
    'INVALID_OPTION',
    () =>
      `${where}: keep is 'bestValidation' but the validation images are not labelled with both classes; expected normal and abnormal ones to choose by, or keep: 'last'.`,
  );
  const { training: begun, history } = model.state;
  check(
    !resume || begun !== undefined,
    'NOT_FITTED',
    () =>
      `${where}: resume is true but the model holds no training state; leave resume out to begin a run, or load a checkpoint or a model saved with includeTraining.`,
  );
  check(
    resume || (begun === undefined && history.length === 0),
    'ALREADY_FITTED',
    () =>
      `${where}: a training run of this model has begun already; pass resume: true to go on with it, or create a new model.`,
  );
  if (validation) {
    const unreadable = await checkReadable(where, validation, preparing);
    checkUsable(where, model.settings, validation, unreadable, onWarning);
  }
  checkAlive(where, model);
  if (begun) await checkSameImages(where, begun, preparing, source);
  else {
    if (model.seedWarning) onWarning?.(model.seedWarning);
    const harm = 'the network learns from them too, though no score is computed from their rows';
    for (const warning of labelWarnings(where, { train: source, validation }, harm))
      onWarning?.(warning);
  }
  const range = new RangeWatch();
  const watched = { ...preparing, see: range.see };
  const training = begun ?? (await freshState(where, watched, model.settings, source));
  range.warn(where, onWarning);
  if (model.disposed) disposeTrainingState(training);
  checkAlive(where, model);
  model.network = { ...model.network, preparation };
  return { network, source, validation, calibration, training, signal, onWarning };
}

/**
 * Whether what can be read of the validation images is of use.
 *
 * @throws IMAGE_UNREADABLE where no epoch could be chosen by them
 */
function checkUsable(
  where: string,
  { keep }: ModelPieces['settings'],
  validation: ImageSource,
  unreadable: readonly ImageProblem[],
  onWarning: TrainerOptions['onWarning'],
): void {
  if (unreadable.length === 0) return;
  const gone = new Set(unreadable.map(({ index }) => index));
  const left = labelsOf(validation).filter((_, index) => !gone.has(index));
  if (keep === 'bestValidation' && !(left.includes(true) && left.includes(false)))
    checkAllRead(where, unreadable);
  onWarning?.(validationUnreadable(where, unreadable, left));
}

/** The preparation of a model that learns from a source: its images are made by that recipe from now on. @throws RECIPE_MISMATCH */
function learntBy(
  where: string,
  { network: { preparation } }: ModelPieces,
  source: ImageSource,
  resume: boolean | undefined,
): Preparation {
  if (resume) checkRecipe(where, preparation, source);
  return withRecipe(where, preparation, source.recipe ?? (resume ? preparation.recipe : undefined));
}

/** Validation images that cannot be read, told before a run; `left` says which of the others are abnormal. */
function validationUnreadable(
  where: string,
  unreadable: readonly { readonly id: string; readonly code: string }[],
  left: readonly boolean[],
): SaladWarning {
  const [{ id, code }] = unreadable;
  const none = left.includes(false)
    ? ''
    : '; none of the others is normal, so that there will be no threshold';
  return {
    code: 'IMAGES_UNREADABLE',
    message: `${where}: ${unreadable.length} of ${unreadable.length + left.length} validation images cannot be read, and are left out, the first is '${id}' (${code})${none}.`,
  };
}
