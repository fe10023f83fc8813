import type { ImageRecipe, SaladOptions } from 'salad-ad';
import { sampleSettings } from './settings.js';

/** Films as they are kept for a run: one after the other, 64 x 64 each. */
export interface KeptFilms {
  readonly pixels: Uint8Array | Float32Array;
  readonly labels: readonly number[];
}

/** All that a run of training needs; kept in the browser, so that it goes on after a reload. */
export interface TrainingRun {
  /** What people read: which films it learns. */
  readonly title: string;
  readonly train: KeptFilms;
  readonly validation: KeptFilms;
  readonly recipe: ImageRecipe;
  readonly length: RunLength;
  /** Of somebody's own films: by what they were divided, for people. */
  readonly films?: string;
}

/** How long a run is. */
export type RunLength = 'short' | 'usual' | 'long';

/** What people choose between. */
export const LENGTH_TEXT: Readonly<Record<RunLength, string>> = {
  short: 'Short: 4 epochs, to see how it goes',
  usual: 'Usual: 15 epochs',
  long: 'Long: 30 epochs',
};

/** The settings of a run; the seed is fixed, so that a run can be repeated. */
export function settingsOf(length: RunLength): SaladOptions {
  const epochs = {
    short: { pretrainEpochs: 2, rounds: 1, epochsPerRound: 2 },
    usual: {},
    long: { pretrainEpochs: 10, rounds: 5, epochsPerRound: 4 },
  };
  return { ...sampleSettings, ...epochs[length] };
}

/** What a run tells while it goes. */
export type TrainingEvent =
  | { readonly kind: 'backend'; readonly name: string; readonly passedOver: readonly string[] }
  | { readonly kind: 'films'; readonly text: string }
  | { readonly kind: 'step'; readonly epoch: number; readonly step: number; readonly loss: number }
  | {
      readonly kind: 'epoch';
      readonly done: number;
      readonly total: number;
      readonly secondsLeft: number;
      readonly loss: number;
      readonly validationAuc?: number;
      /** The source of an SVG: losses and validation AUC by epoch. */
      readonly figure: string;
    }
  | { readonly kind: 'warning'; readonly message: string };

/** What a run came to. */
export interface TrainingResult {
  /** Whether it was stopped before its last epoch; it can go on. */
  readonly stopped: boolean;
  readonly promise?: string;
  /** AUC of the validation films with its 95% interval; absent without abnormal ones. */
  readonly auc?: { readonly estimate: number; readonly lower: number; readonly upper: number };
  /** The sources of SVGs. */
  readonly figures: readonly { readonly title: string; readonly svg: string }[];
}

/** Which backends a run may use. */
export type BackendChoice = 'best' | 'webgpu' | 'webgl' | 'wasm';
