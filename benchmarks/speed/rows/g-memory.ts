import type { Case } from '../case.js';
import { exportFolder, exportNetwork, python, tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** g: the largest memory of a process that trains, bank 1e4, over that of its peer. */
export function peakMemory({ backends, sizes, threads, quick }: Plan): Case[] {
  const bank = quick ? 1e3 : 1e4;
  return backends
    .filter((backend) => backend === 'tensorflow' || backend === 'wasm')
    .flatMap((backend) =>
      sizes.map((size) => {
        const pytorch = backend === 'tensorflow';
        const peak = true;
        const against = pytorch ? 'PyTorch' : 'stock step';
        return {
          row: 'g',
          size,
          backend,
          ...(pytorch && { before: [exportNetwork(size)] }),
          contestants: {
            'fit step': tfjs('fit-step', { backend, size, bank, peak }, threads),
            [against]: pytorch
              ? python('torch_step.py', { folder: exportFolder(size), peak }, threads)
              : tfjs('plain-step', { backend, size, kernels: 'naive', peak }, threads),
          },
          unit: 'MB',
          once: true,
          ratios: [
            {
              row: 'g',
              what: `peak memory of training, bank 1e${Math.log10(bank)} / ${against}`,
              ours: 'fit step',
              against,
            },
          ],
        };
      }),
    );
}
