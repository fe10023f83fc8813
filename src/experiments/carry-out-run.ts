import type { ImageSource } from '../images/image-source.js';
import type { FitEpoch } from '../learning/detector.js';
import { labelsOf } from '../learning/labels.js';
import { distinctScores } from '../metrics/distinct-scores.js';
import { choose } from './choose.js';
import type { DetectorFactory } from './detector-factory.js';
import { environment } from './environment.js';
import type { OpenedData } from './experiment-data.js';
import { learnableOf } from './learnable.js';
import { watchMemory } from './memory-watch.js';
import type { PlannedRun } from './plan.js';
import { codeOf, headOf, type RunRecord } from './run-record.js';
import type { ScoresByMethod } from './scores-by-method.js';
import { SealedTest } from './sealed-test.js';

/**
 * Carries one run out: fits and chooses with the test images sealed, and then scores those once.
 *
 * @returns a failed run where anything but `signal` ends it
 * @throws `signal.reason`
 */
export async function carryOutRun(
  run: PlannedRun,
  data: OpenedData,
  create: DetectorFactory,
  signal?: AbortSignal,
): Promise<RunRecord> {
  const began = performance.now();
  const peakMemory = watchMemory();
  const warnings = new Set<string>();
  const finished = () => ({
    ...headOf(run),
    environment: environment(),
    warnings: [...warnings],
    seconds: rounded((performance.now() - began) / 1000),
    peakMemory: peakMemory(),
  });
  const test = new SealedTest(data.test);
  try {
    const learnable = learnableOf('runExperiment', data, run.config);
    const { train, validation } = learnable;
    const watch = { signal, onWarning: (code: string) => void warnings.add(code) };
    const chosen = await choose(learnable, run.config, create, watch);
    try {
      const scoringBegan = performance.now();
      const scores = await test.scoredBy(chosen, run.config.detector.scoreMethods);
      const scoringSeconds = rounded((performance.now() - scoringBegan) / 1000);
      signal?.throwIfAborted();
      const { history, tried, setting } = chosen;
      return {
        status: 'done',
        ...finished(),
        tried: tried.map((one) => ({
          ...one,
          ...(one.seconds && { seconds: rounded(one.seconds) }),
        })),
        setting,
        trained: { images: train.length, abnormal: labelsOf(train).filter(Boolean).length },
        history: history.epochs.map(epochOf),
        ...(history.best && { bestEpoch: history.best.epoch }),
        validation: scored(validation, chosen.validation),
        test: scored(data.test, scores),
        distinctScores: distinctScores(scores.score),
        scoringSeconds,
      };
    } finally {
      chosen.trial.detector.dispose();
    }
  } catch (error) {
    signal?.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    return { status: 'failed', ...finished(), error: { code: codeOf(error), message } };
  }
}

/** What every detector reports; more would make a file long. */
function epochOf({ epoch, loss, validationAuc, seconds }: FitEpoch): FitEpoch {
  return {
    epoch,
    loss: rounded(loss),
    ...(validationAuc !== undefined && { validationAuc: rounded(validationAuc) }),
    seconds: rounded(seconds),
  };
}

function scored(images: ImageSource, byMethod: ScoresByMethod) {
  const scores = Object.entries(byMethod).map(([name, values]) => [
    name,
    Array.from(values, shortest),
  ]);
  return { labels: Array.from(images.labels ?? []), scores: Object.fromEntries(scores) };
}

/** Of the numbers with few digits, the one that is this float32 and no other. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(9));
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
