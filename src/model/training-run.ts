import { checkPatientsDisjoint } from '../data/patients.js';
import { checkRecipe } from '../images/image-recipe.js';
import type { ImageSource } from '../images/image-source.js';
import { withRecipe } from '../images/preparation.js';
import { asSource, type Images } from '../learning/as-source.js';
import { readPrepared } from '../learning/intake.js';
import { checkSomeNormal, hasBothClasses } from '../learning/labels.js';
import { RangeWatch } from '../learning/range-watch.js';
import { check } from '../support/check.js';
import { checkBackendReady, checkCanTrain } from '../support/train-check.js';
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
export interface TrainingRun extends Pick<TrainerOptions, 'signal' | 'onWarning'> {
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
  const { signal, imagePool, resume, onWarning } = options;
  let network: Network = { ...model.network, imagePool };
  check(
    totalEpochs(model.settings) === 0 || network.backbone.trainable.length > 0,
    'INVALID_OPTION',
    () =>
      `${where}: the backbone has no trainable variables; expected at least one to learn; list them in its trainable, or set pretrainEpochs and rounds to 0.`,
  );
  const convolves = network.backbone.trainable.some((variable) => variable.rank === 4);
  if (totalEpochs(model.settings) > 0 && convolves) checkCanTrain(where);
  const source = await asSource(where, images);
  const validation = options.validation && (await asSource(where, options.validation));
  check(
    source.length > 1,
    'EMPTY_SET',
    () =>
      `${where}: one training image was given; expected at least two, since a bank of one row has no neighbours.`,
  );
  checkSomeNormal(where, source);
  const { preparation } = network;
  if (resume) checkRecipe(where, preparation, source);
  const recipe = source.recipe ?? (resume ? preparation.recipe : undefined);
  network = { ...network, preparation: withRecipe(preparation, recipe) };
  if (validation) checkRecipe(where, network.preparation, validation);
  checkPatientsDisjoint({ train: source, validation }, where);
  check(
    model.settings.keep === 'last' || (validation !== undefined && hasBothClasses(validation)),
    'INVALID_OPTION',
    () =>
      `${where}: keep is 'bestValidation' but the validation images are not labelled with both classes; expected normal and abnormal ones to choose by, or keep: 'last'.`,
  );
  // An image that does not fit is an error now, rather than after the first epoch, or the last.
  if (validation) await readPrepared(where, validation, [0], network);
  let { training } = model.state;
  if (resume) {
    check(
      training !== undefined,
      'NOT_FITTED',
      () =>
        `${where}: resume is true but the model holds no training state; load a checkpoint, or a model saved with includeTraining.`,
    );
    await checkSameImages(where, training, network, source);
  } else {
    check(
      training === undefined && model.state.history.length === 0,
      'ALREADY_FITTED',
      () =>
        `${where}: a training run of this model has begun already; pass resume: true to go on with it, or create a new model.`,
    );
    if (model.seedWarning) onWarning?.(model.seedWarning);
    const range = new RangeWatch();
    training = await freshState(where, { ...network, see: range.see }, model.settings, source);
    range.warn(where, onWarning);
  }
  if (model.disposed) disposeTrainingState(training);
  checkAlive(where, model);
  model.network = { ...model.network, preparation: network.preparation };
  return { network, source, validation, training, signal, onWarning };
}
