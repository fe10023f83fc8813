import type { ImageSource } from '../images/image-source.js';
import type { Detector, FitHistory } from '../learning/detector.js';

/** How a fit is watched. */
export interface FitWatch {
  readonly signal?: AbortSignal;
  /** Called with the code of each warning of a detector. */
  readonly onWarning?: (code: string) => void;
}

/** What a fit took. */
export interface Fitted {
  readonly history: FitHistory;
  readonly seconds: number;
  /** Epochs after which the validation AUC was taken; 1 for a detector without epochs. */
  readonly checkpoints: number;
  /** True where the budget ended the fit before its last epoch, or was exceeded. */
  readonly overBudget?: true;
}

/** Fits a detector, and stops it before an epoch that would probably end beyond the budget. */
export async function fitWithin(
  detector: Detector,
  images: { readonly train: ImageSource; readonly validation?: ImageSource },
  {
    budgetSeconds = Number.POSITIVE_INFINITY,
    signal,
    onWarning,
  }: FitWatch & {
    readonly budgetSeconds?: number;
  },
): Promise<Fitted> {
  const began = performance.now();
  const secondsSince = (time: number) => (performance.now() - time) / 1000;
  let epochBegan = began;
  let longest = 0;
  let stopped = false;
  const history = await detector.fit(images.train, {
    ...(images.validation && { validation: images.validation }),
    ...(signal && { signal }),
    // How many known anomalies there are is a setting of the run.
    ...(onWarning && {
      onWarning: ({ code }) => code !== 'TRAINS_ON_ABNORMAL' && onWarning(code),
    }),
    callbacks: {
      onEpochEnd() {
        longest = Math.max(longest, secondsSince(epochBegan));
        epochBegan = performance.now();
        stopped = secondsSince(began) + longest > budgetSeconds;
        return !stopped;
      },
    },
  });
  signal?.throwIfAborted();
  const seconds = secondsSince(began);
  return {
    history,
    seconds,
    checkpoints: history.epochs.filter((epoch) => epoch.validationAuc !== undefined).length || 1,
    ...((stopped || seconds > budgetSeconds) && { overBudget: true }),
  };
}
