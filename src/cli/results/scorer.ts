import { availableParallelism } from 'node:os';
import type { ImageSource, Preparation, SaladModel, ScoreOptions } from 'salad-ad';
import type { Speaker } from '../frame/command.js';
import { distFolder } from '../frame/dist-folder.js';
import { library } from '../frame/library.js';
import { encoderShape } from '../frame/load-model.js';
import { duration } from '../frame/speaker.js';
import type { Plan, Scored } from './scored.js';

/** A model on one thread or on several. */
export interface Scorer {
  readonly threads: number;
  score(images: ImageSource, options: Omit<ScoreOptions, 'ownRows'>): Promise<Scored>;
  end(): Promise<void>;
}

/** Any kind of model, ready to score. */
export interface OpenedModel {
  /** How its images are made. */
  readonly preparation: Pick<Preparation, 'recipe' | 'inputShape' | 'resize'>;
  readonly scorer: Scorer;
  /** Of a folder of `salad-ad fit`, whose maps can be drawn. */
  readonly model?: SaladModel;
  end(): Promise<void>;
}

/** Images of fewer are scored sooner than threads start. */
const WORTH_THREADS = 256;

const PACKAGES: Readonly<Record<string, string>> = {
  wasm: '@tensorflow/tfjs-backend-wasm',
  cpu: '@tensorflow/tfjs-backend-cpu',
};

/** Takes threads where the backend runs on one, and images are many enough. */
export async function scorerOf(
  model: SaladModel,
  folder: string,
  plan: Plan,
  say: Speaker,
): Promise<Scorer> {
  const alone = {
    threads: 1,
    score: (images: ImageSource, options: ScoreOptions) => model.score(images, options),
    end: async () => {},
  };
  const concurrency = plan.threads ?? availableParallelism();
  // Here films are read one after the other, and kernels have the threads.
  if (plan.backend === 'wasm')
    library('salad-ad/wasm').enableWasmTraining({ threads: concurrency });
  const backend = PACKAGES[plan.backend];
  if (!backend || concurrency === 1 || plan.images < WORTH_THREADS) return alone;
  const { fileSystem, scoringPool } = library('salad-ad/node');
  const shape = await encoderShape(folder);
  const module = shape ? new URL(`cli-thread-encoder.js?shape=${shape}`, distFolder()) : backend;
  try {
    const pool = await scoringPool(fileSystem(folder), { backend: module, concurrency });
    return { threads: concurrency, score: pool.score, end: () => pool.dispose() };
  } catch (error) {
    if ((error as { code?: string }).code !== 'MISSING_PEER') throw error;
    say.note(
      `films are read one after the other, since the package tinypool is not installed; run \`npm install tinypool\` to use all ${concurrency} cores`,
    );
    return alone;
  }
}

/** Images a second, for people. */
export const pace = (images: number, milliseconds: number): string =>
  `${images} ${images === 1 ? 'image' : 'images'} in ${duration(milliseconds / 1000)} (${((1000 * images) / milliseconds).toFixed(1)} a second)`;
