import type { Case } from '../case.js';
import { isolatedPage } from '../workers.js';
import type { Plan } from './plan.js';

/** p: a step of the trainer on wasm in an isolated page on all threads, over the same on one, and over that of an earlier checkout. */
export function inIsolatedPage({ backends, sizes, threads, earlier }: Plan): Case[] {
  if (!backends.includes('wasm')) return [];
  const many = `${threads} threads`;
  return sizes.map((size) => {
    const on = (wasmThreads: number, checkout?: string) =>
      isolatedPage('fit-step', { backend: 'wasm', size, bank: 1000, wasmThreads }, checkout);
    const before = `earlier checkout, ${many}`;
    const contestants = {
      [many]: on(threads),
      'one thread': on(1),
      ...(earlier && { [before]: on(threads, earlier) }),
    };
    return {
      row: 'p',
      size,
      backend: 'wasm in Chromium',
      contestants,
      ratios: Object.keys(contestants)
        .slice(1)
        .map((against) => ({
          row: 'p',
          what: `fit step in an isolated page: ${many} / ${against}`,
          ours: many,
          against,
          atMost: against === before ? 0.3 : undefined,
        })),
    };
  });
}
