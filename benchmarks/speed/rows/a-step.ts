import type { Case } from '../case.js';
import { page, tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** a: a training step over a stock forward of the same backbone; three forwards is the limit by arithmetic. */
export function stepOverForward({ backends, sizes, threads }: Plan): Case[] {
  return backends.flatMap((backend) =>
    (ONLY_SIZE[backend] ?? sizes).map((size) => {
      const atMost = TARGETS[`${backend} ${size}`];
      const common = { row: 'a', against: 'stock forward', atMost };
      const inPage = backend === 'webgl' || backend === 'webgpu';
      const contestant = (task: string, settings: object) =>
        inPage
          ? page(task, { backend, size, ...settings })
          : tfjs(task, { backend, size, ...settings }, threads);
      return {
        row: 'a',
        size,
        backend,
        contestants: {
          'stock forward': contestant('plain-forward', { kernels: 'none' }),
          'network step': contestant('fit-step', { networkOnly: true }),
          'fit step': contestant('fit-step', { bank: 1000 }),
        },
        ratios: [
          { ...common, what: 'network step / stock forward', ours: 'network step' },
          { ...common, what: 'fit step, bank 1e3 / stock forward', ours: 'fit step' },
        ],
      };
    }),
  );
}

/** Plain JavaScript, and graphics computed by the processor, take minutes a step at larger ones. */
const ONLY_SIZE: Record<string, number[]> = { cpu: [8], webgl: [16], webgpu: [16], dawn: [16] };

const TARGETS: Record<string, number> = { 'wasm 64': 3.5, 'wasm 256': 3.5, 'tensorflow 256': 4.5 };
