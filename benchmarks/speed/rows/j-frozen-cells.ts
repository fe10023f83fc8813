import type { Case } from '../case.js';
import { SIDE } from '../frozen-cells.js';
import { FILMS } from '../tasks/frozen-score.js';
import { cellsFolder, python, tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** j: films at 224 px to scores by a frozen encoder's cells, over the same graph in ONNX Runtime. */
export function frozenCellScores({ backends, threads, quick }: Plan): Case[] {
  const bank = quick ? 600 : 6000;
  const folder = cellsFolder(bank);
  return backends
    .filter((backend) => backend === 'tensorflow' || backend === 'wasm')
    .map((backend) => {
      const count = backend === 'wasm' ? 1 : threads;
      return {
        row: 'j',
        size: SIDE,
        backend,
        before: [
          tfjs('export-cells', { backend: 'wasm', size: SIDE, bank, folder }, 1),
          tfjs('frozen-score', { backend: 'wasm', size: SIDE, bank, folder }, 1),
          python('onnx_cells.py', { folder }, 1),
        ],
        contestants: {
          'frozen cells': tfjs('frozen-score', { backend, size: SIDE, bank, folder }, count),
          onnxruntime: tfjs(
            'onnxruntime-cells',
            { backend: 'none', size: SIDE, folder, threads: count },
            count,
          ),
        },
        work: FILMS,
        unit: 'films/s',
        ratios: [
          {
            row: 'j',
            what: `frozen cells, bank ${bank} / onnxruntime-node, ${count === 1 ? 'one thread' : `${count} threads`} each`,
            ours: 'frozen cells',
            against: 'onnxruntime',
            // Both are rates: twice the time.
            atLeast: backend === 'wasm' && !quick ? 0.5 : undefined,
          },
        ],
      };
    });
}
