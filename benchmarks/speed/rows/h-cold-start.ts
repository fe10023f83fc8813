import type { Case } from '../case.js';
import { exportNetwork, modelFolder, tfjs } from '../workers.js';
import type { Plan } from './plan.js';

const BANK = 1000;
/** What is loaded hardly depends on it. */
const SIZES = [64, 256];

/** h: from starting a process to the first scores of a batch (bank 1e3), over the same in PyTorch and over a warm model. */
export function coldStart({ backends, sizes, threads }: Plan): Case[] {
  return backends
    .filter((backend) => backend === 'tensorflow' || backend === 'wasm')
    .flatMap((backend) =>
      sizes
        .filter((size) => SIZES.includes(size))
        .map((size) => {
          const folder = modelFolder(size);
          const start = (program: string) =>
            tfjs('cold-start', { backend: 'none', size, folder, program }, threads);
          return {
            row: 'h',
            size,
            backend,
            before: [
              exportNetwork(size),
              tfjs('export-model', { backend: 'wasm', size, bank: BANK, folder }, 1),
            ],
            contestants: {
              'cold start': start(backend),
              PyTorch: start('PyTorch'),
              'warm score': tfjs('warm-score', { backend, size, folder }, threads),
            },
            ratios: ['PyTorch', 'warm score'].map((against) => ({
              row: 'h',
              what: `cold start to first score / ${against === 'PyTorch' ? 'the same in PyTorch' : 'a warm score'}`,
              ours: 'cold start',
              against,
            })),
          };
        }),
    );
}
