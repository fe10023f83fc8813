import type { Case, Ratio } from '../case.js';
import { tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** c: training on wasm with the library, over tfjs's own operations and a naive filter gradient. */
export function wasmKernels({ backends, sizes, threads }: Plan): Case[] {
  const backend = 'wasm';
  if (!backends.includes(backend)) return [];
  return sizes.map((size) => {
    const network: Ratio = {
      row: 'c',
      what: 'network step / stock step, naive filter gradient',
      ours: 'network step',
      against: 'stock step',
    };
    const kernels: Ratio = {
      ...network,
      what: 'network step / the same backbone on stock kernels, naive filter gradient',
      against: 'bare step, stock kernels',
    };
    const naive = { backend, size, kernels: 'naive' } as const;
    const contestants = {
      'network step': tfjs('fit-step', { backend, size, networkOnly: true }, threads),
      'stock step': tfjs('plain-step', naive, threads),
    };
    // It takes as long as the stock step: a minute at 256 px.
    if (size > 64) return { row: 'c', size, backend, contestants, ratios: [network] };
    return {
      row: 'c',
      size,
      backend,
      contestants: {
        ...contestants,
        'bare step, stock kernels': tfjs('bare-step', naive, threads),
      },
      ratios: [network, kernels],
    };
  });
}
