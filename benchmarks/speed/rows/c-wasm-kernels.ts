import type { Case } from '../case.js';
import { tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** c: training on wasm with the library, over tfjs's own operations and a naive filter gradient. */
export function wasmKernels({ backends, sizes, threads }: Plan): Case[] {
  const backend = 'wasm';
  if (!backends.includes(backend)) return [];
  return sizes.map((size) => ({
    row: 'c',
    size,
    backend,
    contestants: {
      'network step': tfjs('fit-step', { backend, size, networkOnly: true }, threads),
      'bare step, stock kernels': tfjs('bare-step', { backend, size, kernels: 'naive' }, threads),
      'stock step': tfjs('plain-step', { backend, size, kernels: 'naive' }, threads),
    },
    ratios: [
      {
        row: 'c',
        what: 'network step / stock step, naive filter gradient',
        ours: 'network step',
        against: 'stock step',
      },
      {
        row: 'c',
        what: 'network step / the same backbone on stock kernels, naive filter gradient',
        ours: 'network step',
        against: 'bare step, stock kernels',
      },
    ],
  }));
}
