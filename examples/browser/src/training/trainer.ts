import { SaladModel } from 'salad-ad';
import { arraySource, type ImageSource, normalsOf } from 'salad-ad/data';
import { figures } from 'salad-ad/report';
import { measureProfile } from '../gate/measure-profile.js';
import { forget, keep, kept } from '../storage/database.js';
import { keptModel } from '../storage/kept-model.js';
import type { KeptTrainedModel } from '../storage/trained-model.js';
import { startBackend } from './backends.js';
import { outcomeOf } from './outcome.js';
import { ownRun } from './own-films.js';
import {
  type BackendChoice,
  type KeptFilms,
  type RunLength,
  settingsOf,
  type TrainingEvent,
  type TrainingResult,
  type TrainingRun,
} from './run.js';
import { SAMPLE_SIDE } from './sample-source.js';

type Tell = (event: TrainingEvent) => void;

/** A run of training on a thread of its own. */
export class TrainingThread {
  private isStopped = false;

  /** Reads films that somebody picked, and keeps them for a run. */
  async prepare(files: readonly File[], length: RunLength): Promise<void> {
    await keep('training-run', await ownRun(files, length));
  }

  /** Ends the run after the step that is being done. */
  stop(): void {
    this.isStopped = true;
  }

  /** Does the run that is kept, from its start or from its last epoch. */
  async train(resume: boolean, backend: BackendChoice, tell: Tell): Promise<TrainingResult> {
    const run = await kept<TrainingRun>('training-run');
    if (!run) throw new Error('No run is kept in this browser; begin a new one.');
    if (run.films) tell({ kind: 'films', text: run.films });
    tell({ kind: 'backend', ...(await startBackend(backend)) });
    const [train, validation] = [run.train, run.validation].map((films) => sourceOf(films, run));
    const checkpoint = keptModel('training-checkpoint');
    const model = resume
      ? await SaladModel.load(checkpoint)
      : SaladModel.create(settingsOf(run.length));
    try {
      const { stopped } = await model.fit(train, {
        validation,
        checkpoint,
        resume,
        onWarning: ({ message }) => tell({ kind: 'warning', message }),
        callbacks: this.callbacks(model, tell),
      });
      await keepTrained(model, run, train, validation);
      // A run that is done cannot go on.
      if (!stopped) await forget('training-checkpoint');
      return { stopped, ...(await outcomeOf(model, validation)) };
    } finally {
      model.dispose();
    }
  }

  private callbacks(model: SaladModel, tell: Tell) {
    let epoch = 0;
    return {
      onEpochBegin: (number: number) => {
        epoch = number;
      },
      onBatchEnd: (step: number, logs?: Record<string, number>) => {
        tell({ kind: 'step', epoch, step, loss: logs?.loss ?? Number.NaN });
        return !this.isStopped;
      },
      onEpochEnd: async (_: number, logs: Record<string, number> = {}) => {
        const { done, total, secondsLeft, loss, validationAuc } = logs;
        const figure = await figures.trainingHistory(model.history);
        tell({ kind: 'epoch', done, total, secondsLeft, loss, validationAuc, figure });
        return !this.isStopped;
      },
    };
  }
}

function sourceOf({ pixels, labels }: KeptFilms, { recipe }: TrainingRun): ImageSource {
  const shape = [SAMPLE_SIDE, SAMPLE_SIDE, 1] as const;
  return { ...arraySource({ pixels, shape, labels }), recipe };
}

/** Keeps what was learnt, with what the gate and the view of a film need. */
async function keepTrained(
  model: SaladModel,
  run: TrainingRun,
  train: ImageSource,
  validation: ImageSource,
): Promise<void> {
  let artifacts: KeptTrainedModel['artifacts'] | undefined;
  await model.save({
    save: async (given) => {
      artifacts = given;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    },
  });
  const { pixels } = run.train;
  const pictures =
    pixels instanceof Uint8Array ? pixels : Uint8Array.from(pixels, (value) => 255 * value);
  const profile = await measureProfile(model, train, normalsOf(validation));
  const trained: KeptTrainedModel = { title: run.title, artifacts: artifacts!, profile, pictures };
  await keep('trained-model', trained);
}
