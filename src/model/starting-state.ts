import { MemoryBank } from '../core/memory-bank.js';
import { ProblemReport } from '../data/problem-report.js';
import type { ImageSource } from '../images/image-source.js';
import { Adam } from '../learning/adam.js';
import { labelsOf } from '../learning/labels.js';
import { check } from '../support/check.js';
import { hashText } from '../support/random.js';
import { unbegunEpoch } from './epoch-so-far.js';
import type { ModelState } from './model-state.js';
import type { Network } from './network.js';
import type { SaladSettings } from './options.js';
import { pixelVarianceOf } from './pixel-variance.js';
import type { TrainingState } from './training-state.js';

/**
 * The state of the run that goes on.
 *
 * @throws NOT_FITTED where there is none | CHECKPOINT_MISMATCH where it was begun with other images
 */
export async function resumedState(
  where: string,
  network: Network,
  training: TrainingState | undefined,
  source: ImageSource,
): Promise<TrainingState> {
  check(
    training !== undefined,
    'NOT_FITTED',
    () =>
      `${where}: resume is true but the model holds no training state; load a checkpoint, or a model saved with includeTraining.`,
  );
  const { pixelVariance, problems } = await pixelVarianceOf(where, source, network);
  problems.forEach(training.problems.add);
  // Of other images than then, the variance is another.
  const comparable =
    problems.length === 0 &&
    ![...training.history, training.epochSoFar].some(({ unreadable }) => unreadable);
  const same =
    training.sourceKey === keyOf(source) &&
    (!comparable || Math.abs(pixelVariance / training.pixelVariance - 1) < 1e-6);
  check(
    same,
    'CHECKPOINT_MISMATCH',
    () =>
      `${where}: the training images are not those of the checkpoint (their number, names, labels or pixels differ); resume with the same source, in the same order.`,
  );
  return training;
}

/** The state of a run that begins. @throws ALREADY_FITTED */
export async function freshState(
  where: string,
  network: Network,
  settings: SaladSettings,
  state: ModelState,
  source: ImageSource,
): Promise<TrainingState> {
  check(
    state.training === undefined && state.history.length === 0,
    'ALREADY_FITTED',
    () =>
      `${where}: a training run of this model has begun already; pass resume: true to go on with it, or create a new model.`,
  );
  const { backbone } = network;
  const { pixelVariance, problems } = await pixelVarianceOf(where, source, network);
  const report = new ProblemReport();
  problems.forEach(report.add);
  return {
    bank: MemoryBank.random({
      size: source.length,
      dim: backbone.embeddingSize,
      seed: settings.seed,
    }),
    optimizer: new Adam(backbone.trainable, settings),
    pixelVariance,
    sourceKey: keyOf(source),
    selection: { round: 0, anchors: [], neighbors: [] },
    epochSoFar: unbegunEpoch,
    history: [],
    problems: report,
  };
}

/** Number, names and labels of the images, in short. */
function keyOf(source: ImageSource): string {
  const labels = labelsOf(source).map(Number).join('');
  return `${source.length}/${hashText(source.ids.join('\n'))}/${hashText(labels)}`;
}
