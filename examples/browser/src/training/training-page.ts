import { proxy, type Remote, wrap } from 'comlink';
import { isShown } from '../films/dropped-files.js';
import { byId } from '../page/elements.js';
import { messageOf, say, warn } from '../page/speak.js';
import { forget, keep, kept } from '../storage/database.js';
import type { Models } from '../storage/models.js';
import { trainedModel } from '../storage/trained-model.js';
import { makeTrainingPage, showFigures } from './markup.js';
import type { BackendChoice, RunLength, TrainingEvent, TrainingResult } from './run.js';
import { sampleRun } from './sample-run.js';
import type { TrainingThread } from './trainer.js';

/** The thread that trains; one for all runs of a visit. */
let thread: Remote<TrainingThread> | undefined;

/** Prepares the page of training. */
export function open(models: Models): void {
  makeTrainingPage();
  const folder = byId<HTMLInputElement>('training-folder');
  byId('train').addEventListener('click', () => {
    if (chosen('training-films') === 'own') folder.click();
    else
      void begin(async () =>
        keep('training-run', await sampleRun(chosen('training-films'), length())),
      );
  });
  folder.addEventListener('change', () => {
    const files = [...(folder.files ?? [])].filter(isShown);
    folder.value = '';
    if (files.length > 0) void begin((trainer) => trainer.prepare(files, length()));
  });
  byId('train-on').addEventListener('click', () => void begin());
  byId('train-stop').addEventListener('click', () => {
    say('Stopping after this step.');
    void thread?.stop();
  });
  byId('use-trained').addEventListener('click', () => void useTrained(models));
  void showWhatIsKept();
}

/** Trains what `prepare` keeps for a run; without it, goes on with the last run. */
async function begin(
  prepare?: (trainer: Remote<TrainingThread>) => Promise<unknown>,
): Promise<void> {
  warn('');
  showState('training');
  showFigures([]);
  byId('training-result').textContent = '';
  say('Preparing the films.');
  try {
    thread = startThread();
    if (prepare) {
      await forget('training-checkpoint');
      await prepare(thread);
    }
    say('Training.');
    const backend = byId<HTMLSelectElement>('training-backend').value as BackendChoice;
    showResult(await thread.train(!prepare, backend, proxy(showEvent)));
  } catch (error) {
    warn(`Training ended: ${messageOf(error)}`);
    say('');
  }
  await showWhatIsKept();
}

/** A thread is begun anew for each run: what an earlier one held in memory goes with it. */
let worker: Worker | undefined;
function startThread(): Remote<TrainingThread> {
  worker?.terminate();
  worker = new Worker(new URL('./training.worker.ts', import.meta.url), { type: 'module' });
  return wrap<TrainingThread>(worker);
}

let lastSvg = '';

const LIVE_TEXTS = ['epoch', 'step', 'films-text', 'backend-text'].map(
  (name) => `training-${name}`,
);

function showEvent(event: TrainingEvent): void {
  if (event.kind === 'backend') {
    byId('training-backend-text').textContent = [
      `Computed by ${event.name}.`,
      ...event.passedOver.map((reason) => `Not by ${reason}.`),
    ].join(' ');
  } else if (event.kind === 'step') {
    byId('training-step').textContent =
      `Epoch ${event.epoch + 1}, step ${event.step + 1}: loss ${event.loss.toFixed(4)}`;
  } else if (event.kind === 'films') byId('training-films-text').textContent = event.text;
  else if (event.kind === 'warning') warn(event.message);
  else showEpoch(event);
}

function showEpoch(event: Extract<TrainingEvent, { kind: 'epoch' }>): void {
  const { done, total, secondsLeft, loss, validationAuc } = event;
  byId<HTMLProgressElement>('training-progress').value = done / total;
  const parts = [
    `Epoch ${done} of ${total}`,
    `loss ${loss.toFixed(3)}`,
    validationAuc !== undefined && `validation AUC ${validationAuc.toFixed(3)}`,
    done < total && `${timeText(secondsLeft)} left`,
  ].filter(Boolean);
  byId('training-epoch').textContent = `${parts.join(', ')}.`;
  lastSvg = event.figure;
  // One point is no curve.
  if (done > 1) showFigures([{ title: 'Losses by epoch', svg: lastSvg }]);
}

function showResult({ stopped, auc, promise, figures }: TrainingResult): void {
  const parts = [
    stopped ? 'Stopped. It can go on, also after a reload.' : 'Trained.',
    auc &&
      `Validation AUC ${auc.estimate.toFixed(3)} (95% interval ${auc.lower.toFixed(3)} to ${auc.upper.toFixed(3)}).`,
    promise && `Threshold: ${promise}.`,
  ].filter(Boolean);
  byId('training-result').textContent = parts.join(' ');
  say(stopped ? 'Training was stopped.' : 'Training is done.');
  showFigures([{ title: 'Losses by epoch', svg: lastSvg }, ...figures]);
}

async function useTrained(models: Models): Promise<void> {
  const model = await trainedModel();
  if (!model) return;
  try {
    await models.use(model);
    say('Films are scored with the model that was trained here.');
    location.hash = '#films';
  } catch (error) {
    warn(messageOf(error));
  }
}

/** What can be gone on with and what can be used. */
async function showWhatIsKept(): Promise<void> {
  const [checkpoint, trained] = await Promise.all([
    kept('training-checkpoint').catch(() => undefined),
    trainedModel().catch(() => undefined),
  ]);
  showState('idle');
  byId('train-on').hidden = !checkpoint;
  byId('use-trained').hidden = !trained;
}

function showState(state: 'training' | 'idle'): void {
  const isTraining = state === 'training';
  byId('training-live').hidden = !isTraining && byId('training-epoch').textContent === '';
  for (const id of ['train', 'train-on', 'use-trained', 'training-settings'])
    byId(id).hidden = isTraining;
  byId('train-stop').hidden = !isTraining;
  if (isTraining) {
    for (const id of LIVE_TEXTS) byId(id).textContent = '';
    byId<HTMLProgressElement>('training-progress').value = 0;
    byId('train-stop').focus();
  }
}

const length = () => byId<HTMLSelectElement>('training-length').value as RunLength;

const chosen = (name: string): 'some' | 'sample' | 'own' =>
  (document.querySelector(`input[name="${name}"]:checked`) as HTMLInputElement).value as 'some';

const timeText = (seconds: number) =>
  seconds < 90 ? `${Math.ceil(seconds)} seconds` : `${Math.round(seconds / 60)} minutes`;
