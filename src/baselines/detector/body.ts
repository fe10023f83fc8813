import type { NamedTensorMap } from '@tensorflow/tfjs-core';
import type { ImageSource } from '../../images/image-source.js';
import type { DetectorFitOptions, FitHistory } from '../../learning/detector.js';
import type { ImageIntake } from '../../learning/intake.js';
import type { SaladWarning } from '../../support/warning.js';
import type { PixelBlock } from './pixel-block.js';

/** What a body learns from. */
export interface Learning {
  /** For messages. */
  readonly where: string;
  readonly source: ImageSource;
  readonly validation?: ImageSource;
  readonly intake: ImageIntake;
  /** Area under the ROC curve of the validation images, scored as they would be now; absent unless both classes are labelled. */
  readonly validate?: () => Promise<number>;
  readonly signal?: AbortSignal;
  readonly callbacks?: DetectorFitOptions['callbacks'];
  readonly onWarning?: (warning: SaladWarning) => void;
}

/** What a file keeps of a body. */
export interface Learnt {
  /** The caller disposes them. */
  readonly tensors: NamedTensorMap;
  /** JSON. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The part of a detector that differs from one to the next: what it learns, and how it scores. */
export interface DetectorBody {
  /** Called once, and before everything else but `unpack` and `dispose`. */
  learn(learning: Learning): Promise<FitHistory>;
  /** [count], higher = more anomalous. */
  scores(
    images: PixelBlock,
    giveHostItsTurn: () => Promise<void>,
  ): ArrayLike<number> | Promise<ArrayLike<number>>;
  pack(): Learnt | Promise<Learnt>;
  /** Takes over what `pack` gave; the tensors stay the caller's. @throws NOT_A_MODEL | MODEL_DAMAGED */
  unpack(where: string, learnt: Learnt): void | Promise<void>;
  dispose(): void;
}

/** The history of what does not learn in epochs. */
export const NO_EPOCHS: FitHistory = Object.freeze({ epochs: [], stopped: false });
