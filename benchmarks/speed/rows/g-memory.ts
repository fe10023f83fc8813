import type { Case } from '../case.js';
import { exportFolder, exportNetwork, python, tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** g: the largest memory of a process that trains, bank 1e4, over that of PyTorch. */
export function peakMemory({ backends, sizes, threads, quick }: Plan): Case[] {
  const bank = quick ? 1e3 : 1e4;
  return backends
    .filter((backend) => backend === 'tensorflow' || backend === 'wasm')
    .flatMap((backend) =>
      sizes.map((size) => {
        const peak = true;
        return {
          row: 'g',
          size,
          backend,
          before: [exportNetwork(size)],
          contestants: {
            'fit step': tfjs('fit-step', { backend, size, bank, peak }, threads),
            PyTorch: python('torch_step.py', { folder: exportFolder(size), peak }, threads),
          },
          unit: 'MB',
          once: true,
          ratios: [
            {
              row: 'g',
              what: `peak memory of training, bank 1e${Math.log10(bank)} / PyTorch`,
              ours: 'fit step',
              against: 'PyTorch',
            },
          ],
        };
      }),
    );
}
