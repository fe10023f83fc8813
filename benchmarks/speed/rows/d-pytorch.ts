import type { Case } from '../case.js';
import { exportFolder, exportNetwork, python, tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** d: a step of the network over the same step of the same network in PyTorch on the processor. */
export function againstPyTorch({ backends, sizes, threads }: Plan): Case[] {
  const forms = [
    { backend: 'tensorflow', count: threads, atMost: TENSORFLOW_TARGETS },
    // In Node the wasm backend computes in one thread, so PyTorch is given one.
    { backend: 'wasm', count: 1, atMost: WASM_TARGETS },
  ];
  return forms
    .filter(({ backend }) => backends.includes(backend))
    .flatMap(({ backend, count, atMost }) =>
      sizes.map((size) => ({
        row: 'd',
        size,
        backend,
        before: [exportNetwork(size)],
        contestants: {
          PyTorch: python('torch_step.py', { folder: exportFolder(size) }, count),
          'network step': tfjs('fit-step', { backend, size, networkOnly: true }, count),
        },
        ratios: [
          {
            row: 'd',
            what: `network step / PyTorch step, ${count === 1 ? 'one thread' : `${count} threads`} each`,
            ours: 'network step',
            against: 'PyTorch',
            atMost: atMost[size],
          },
        ],
      })),
    );
}

const TENSORFLOW_TARGETS: Record<number, number> = { 64: 1, 256: 0.7 };
const WASM_TARGETS: Record<number, number> = { 32: 2, 64: 2, 128: 2, 256: 2 };
