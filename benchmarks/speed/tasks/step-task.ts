import type { Task } from '../task.js';

/** Steps after which memory has stopped to grow. */
const STEPS = 3;

/** A step as a task; with `peak`, a few of them and the process's largest memory so far. */
export function stepTask(step: () => Promise<unknown>, peak: unknown): Task {
  if (!peak) return { run: step };
  return {
    async run() {
      for (let i = 0; i < STEPS; i++) await step();
    },
    unit: 'MB',
  };
}
