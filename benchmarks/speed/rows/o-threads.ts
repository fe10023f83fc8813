import type { Case, Ratio } from '../case.js';
import type { Contestant } from '../contestant.js';
import { inEarlier, tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** o: work on wasm on all threads over the same on one, over a step of tfjs-node on as many, and over that of an earlier checkout. */
export function onThreads({ backends, sizes, threads, quick, earlier }: Plan): Case[] {
  if (!backends.includes('wasm')) return [];
  const many = `${threads} threads`;
  const compared = (what: string, task: string, size: number, settings: object): Case => {
    const on = (wasmThreads: number) =>
      tfjs(task, { backend: 'wasm', size, wasmThreads, ...settings }, threads);
    const contestants: Record<string, Contestant> = {
      [many]: on(threads),
      'one thread': on(1),
      ...(task === 'fit-step' &&
        backends.includes('tensorflow') && {
          'tfjs-node': tfjs(task, { backend: 'tensorflow', size, ...settings }, threads),
        }),
      ...(earlier && { 'earlier checkout': inEarlier(on(1), earlier) }),
    };
    const against = (other: string): Ratio => ({
      row: 'o',
      what: `${what}: ${many} / ${other}`,
      ours: many,
      against: other,
      atMost: TARGETS[`${what} ${size} ${other}`],
    });
    const ratios = Object.keys(contestants).slice(1).map(against);
    return { row: 'o', size, backend: `wasm, ${what}`, contestants, ratios };
  };
  return [
    ...sizes.map((size) => compared('fit step', 'fit-step', size, { bank: 1000 })),
    ...sizes.map((size) => compared('embeddings', 'embed', size, {})),
    compared('bank scan', 'bank-scan', 0, { bank: quick ? 1e4 : 1e5 }),
  ];
}

const TARGETS: Record<string, number> = {
  'fit step 64 earlier checkout': 0.64,
  'fit step 256 earlier checkout': 0.56,
  'fit step 64 tfjs-node': 0.85,
};
