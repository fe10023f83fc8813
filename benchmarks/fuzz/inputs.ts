import { loadCheckedSeeds, makeCheckedInput } from './checked.js';
import { loadModelSeeds, makeModelInput } from './models.js';
import { makeInput } from './mutate.js';
import { loadSeeds } from './seeds.js';

/** What an input is made for: the header of an image, its pixels, a saved model, or a file that carries check sums. */
export type Task = 'parse' | 'decode' | 'model' | 'checked';

export const tasks: readonly Task[] = ['decode', 'parse', 'model', 'checked'];

/** A damaged file. */
export interface Made {
  readonly seed: { readonly name: string; readonly group: string; readonly bytes: Uint8Array };
  readonly bytes: Uint8Array;
  /** Whether it may be read as something else than its seed without a word. */
  readonly mayDiffer: boolean;
}

/** All seeds, and how inputs are made of them: each depends on the seed number, the task and the index alone. */
export function createInputs() {
  const images = loadSeeds();
  const models = loadModelSeeds();
  const checked = loadCheckedSeeds();
  return {
    images,
    models,
    checked,
    make(task: Task, seed: number, index: number): Made {
      if (task === 'model') return makeModelInput(models, seed, index);
      if (task === 'checked') return makeCheckedInput(checked, seed, index);
      return { ...makeInput(images, seed, task, index), mayDiffer: true };
    },
  };
}
