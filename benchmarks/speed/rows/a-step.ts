import type { Case } from '../case.js';
import { tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** a: a training step over a stock forward of the same backbone; three forwards is the limit by arithmetic. */
export function stepOverForward({ backends, sizes, threads }: Plan): Case[] {
  return backends.flatMap((backend) =>
    (backend === 'cpu' ? [CPU_SIZE] : sizes).map((size) => {
      const atMost = TARGETS[`${backend} ${size}`];
      const common = { row: 'a', against: 'stock forward', atMost };
      return {
        row: 'a',
        size,
        backend,
        contestants: {
          'stock forward': tfjs('plain-forward', { backend, size, kernels: 'none' }, threads),
          'network step': tfjs('fit-step', { backend, size, networkOnly: true }, threads),
          'fit step': tfjs('fit-step', { backend, size, bank: 1000 }, threads),
        },
        ratios: [
          { ...common, what: 'network step / stock forward', ours: 'network step' },
          { ...common, what: 'fit step, bank 1e3 / stock forward', ours: 'fit step' },
        ],
      };
    }),
  );
}

/** Plain JavaScript: anything larger takes minutes a step. */
const CPU_SIZE = 8;

const TARGETS: Record<string, number> = { 'wasm 64': 3.5, 'wasm 256': 3.5, 'tensorflow 256': 4.5 };
