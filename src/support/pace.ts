import type { Progress } from './progress.js';

/**
 * Tells how far work has come that begins now, at the mean pace since then.
 *
 * @param total pieces of work in all
 * @param before those that were done before now
 */
export function paceOf(total: number, before = 0): (done: number) => Progress {
  const began = performance.now();
  return (done) => {
    const seconds = (performance.now() - began) / 1000;
    return { done, total, secondsLeft: (seconds / (done - before)) * (total - done) };
  };
}
