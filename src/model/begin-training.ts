import { checkPatientsDisjoint } from '../data/patients.js';
import type { ImageSource } from '../images/image-source.js';
import { asSource, type Images } from '../learning/as-source.js';
import { readPrepared } from '../learning/intake.js';
import { checkSomeNormal, hasBothClasses } from '../learning/labels.js';
import { check } from '../support/check.js';
import { checkBackendReady, checkCanTrain } from '../support/train-check.js';
import type { ModelState } from './model-state.js';
import type { Network } from './network.js';
import type { SaladSettings } from './options.js';
import { totalEpochs } from './schedule.js';
import { freshState, resumedState } from './starting-state.js';
import { Trainer } from './trainer.js';
import type { TrainerOptions } from './training-options.js';
import { validationAuc } from './validation.js';

/** A run that stands ready. */
export interface StartedTraining {
  readonly state: ModelState;
  /** The model's, with the threads of this run. */
  readonly network: Network;
  readonly source: ImageSource;
  readonly validation?: ImageSource;
  trainer(checkCurrent: (where: string) => void, finish: () => Promise<void>): Trainer;
}

const WHERE = 'SaladModel.fit';

/** Checks everything that can be checked before the first step, and makes or resumes the state. */
export async function beginTraining(
  idleNetwork: Network,
  settings: SaladSettings,
  state: ModelState,
  images: Images,
  options: TrainerOptions,
): Promise<StartedTraining> {
  options.signal?.throwIfAborted();
  checkBackendReady(WHERE);
  const { signal, imagePool } = options;
  const network = { ...idleNetwork, imagePool };
  const epochs = totalEpochs(settings);
  const convolves = network.backbone.trainable.some((variable) => variable.rank === 4);
  if (epochs > 0 && convolves) checkCanTrain(WHERE);
  const source = await asSource(WHERE, images);
  const validation = options.validation && (await asSource(WHERE, options.validation));
  checkTrainable(source, validation);
  check(
    settings.keep === 'last' || (validation !== undefined && hasBothClasses(validation)),
    'INVALID_OPTION',
    () =>
      `${WHERE}: keep is 'best-validation' but the validation images are not labelled with both classes; expected normal and anomalous ones to choose by, or keep: 'last'.`,
  );
  // An image that does not fit is told of now, rather than after the first epoch, or the last.
  if (validation) await readPrepared(WHERE, validation, [0], network);
  const training = options.resume
    ? await resumedState(WHERE, network, state.training, source)
    : await freshState(WHERE, network, settings, state, source);
  const validate =
    validation && hasBothClasses(validation)
      ? () => validationAuc(network, settings, training, source, validation)
      : undefined;
  const parts = { network, settings, source, state: training, validate, signal };
  // What was made from the weights as they were would silently be wrong after the first step.
  state.bank?.dispose();
  return {
    state: { discard: [], history: state.history, training },
    network,
    source,
    validation,
    trainer: (checkCurrent, finish) => new Trainer({ ...parts, checkCurrent }, finish),
  };
}

function checkTrainable(source: ImageSource, validation: ImageSource | undefined): void {
  check(
    source.length > 1,
    'EMPTY_SET',
    () =>
      `${WHERE}: one training image was given; expected at least two, since a bank of one row has no neighbours.`,
  );
  checkSomeNormal(WHERE, source);
  checkPatientsDisjoint({ train: source, validation });
}
