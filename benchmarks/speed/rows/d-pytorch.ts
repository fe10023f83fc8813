import type { Case } from '../case.js';
import { exportFolder, exportNetwork, python, tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** d: a step of the network over the same step of the same network in PyTorch on the processor, as many threads each. */
export function againstPyTorch({ backends, sizes, threads }: Plan): Case[] {
  const forms = [
    { backend: 'tensorflow', counts: [threads], atMost: () => TENSORFLOW_TARGETS },
    {
      backend: 'wasm',
      counts: [...new Set([1, threads])],
      atMost: (count: number) => (count === 1 ? WASM_TARGETS : THREADS_TARGETS),
    },
  ];
  return forms
    .filter(({ backend }) => backends.includes(backend))
    .flatMap(({ backend, counts, atMost }) =>
      sizes.map((size) => {
        const torch = (count: number) => `PyTorch, ${count}`;
        const step = (count: number) => `network step, ${count}`;
        const settings = { backend, size, networkOnly: true };
        return {
          row: 'd',
          size,
          backend,
          before: [exportNetwork(size)],
          contestants: Object.fromEntries(
            counts.flatMap((count) => [
              [torch(count), python('torch_step.py', { folder: exportFolder(size) }, count)],
              [step(count), tfjs('fit-step', { ...settings, wasmThreads: count }, count)],
            ]),
          ),
          ratios: counts.map((count) => ({
            row: 'd',
            what: `network step / PyTorch step, ${count === 1 ? 'one thread' : `${count} threads`} each`,
            ours: step(count),
            against: torch(count),
            atMost: atMost(count)[size],
          })),
        };
      }),
    );
}

const TENSORFLOW_TARGETS: Record<number, number> = { 64: 1, 256: 0.7 };
const WASM_TARGETS: Record<number, number> = { 32: 2, 64: 2, 128: 2, 256: 2 };
const THREADS_TARGETS: Record<number, number> = { 64: 1.6, 256: 1.6 };
