import type { EpochLog } from './history.js';

/** Losses of one step: means over its batch; a term that is switched off is absent. */
export interface StepValues {
  readonly loss: number;
  readonly reconstruction?: number;
  readonly latent?: number;
}

/** What the steps of the epoch in progress add up to. */
export interface EpochSoFar {
  readonly steps: number;
  readonly images: number;
  /** Sums over those images. */
  readonly loss: number;
  readonly reconstruction: number;
  readonly latent: number;
  /** Images that could not be read. */
  readonly unreadable?: number;
}

/** An epoch of which no step has been run. */
export const unbegunEpoch: EpochSoFar = Object.freeze({
  steps: 0,
  images: 0,
  loss: 0,
  reconstruction: 0,
  latent: 0,
});

/** The same after one more step, of `images` images and means `values` over them; without any nothing was learnt. */
export function withStep(
  before: EpochSoFar,
  images: number,
  values: StepValues | undefined,
  unreadableHere: number,
): EpochSoFar {
  const { loss = 0, reconstruction = 0, latent = 0 } = values ?? {};
  const unreadable = (before.unreadable ?? 0) + unreadableHere;
  return {
    steps: before.steps + 1,
    images: before.images + images,
    loss: before.loss + images * loss,
    reconstruction: before.reconstruction + images * reconstruction,
    latent: before.latent + images * latent,
    ...(unreadable > 0 && { unreadable }),
  };
}

/** What an epoch whose steps are done has to tell, but for its validation. */
export function epochLog(
  { images, loss, reconstruction, latent, unreadable }: EpochSoFar,
  epoch: {
    readonly epoch: number;
    readonly round: number;
    readonly seconds: number;
    /** Which terms the loss has. */
    readonly terms: { readonly reconstruction: boolean; readonly latent: boolean };
    /** [N]: which rows were anchors. */
    readonly anchors: readonly boolean[];
    readonly labels?: ArrayLike<number>;
  },
): EpochLog {
  const { terms, labels } = epoch;
  const anchorRows = epoch.anchors.flatMap((anchor, row) => (anchor ? [row] : []));
  return {
    epoch: epoch.epoch,
    round: epoch.round,
    loss: loss / images,
    ...(terms.reconstruction && { reconstruction: reconstruction / images }),
    ...(terms.latent && { latent: latent / images }),
    anchors: anchorRows.length,
    ...(labels &&
      anchorRows.length > 0 && {
        anchorAnomalyShare: anchorRows.filter((row) => labels[row]).length / anchorRows.length,
      }),
    ...(unreadable && { unreadable }),
    seconds: epoch.seconds,
  };
}
