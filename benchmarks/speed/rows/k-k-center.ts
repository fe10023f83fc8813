import type { Case } from '../case.js';
import { cellsFolder, python, tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** k: a tenth of the cells by greedy k-centre, over the same algorithm in numpy; it runs on no backend. */
export function kCenterChoice({ backends, quick }: Plan): Case[] {
  if (!backends.includes('wasm')) return [];
  const bank = quick ? 16_000 : 160_000;
  const folder = cellsFolder(bank);
  return [
    {
      row: 'k',
      size: bank,
      backend: 'wasm',
      before: [tfjs('export-cells', { backend: 'wasm', size: 224, bank, folder }, 1)],
      contestants: {
        'k-centre': tfjs('k-center', { backend: 'wasm', size: 224, bank, folder }, 1),
        numpy: python('numpy_k_center.py', { folder, count: bank / 10 }, 1),
      },
      once: true,
      ratios: [
        {
          row: 'k',
          what: `k-centre of ${bank / 10} from ${bank} cells / numpy, one thread each`,
          ours: 'k-centre',
          against: 'numpy',
          atMost: quick ? undefined : 0.7,
        },
      ],
    },
  ];
}
