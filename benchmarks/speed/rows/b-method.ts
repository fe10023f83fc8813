import type { Case } from '../case.js';
import { tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** b: a step of `fit` over the same backbone trained bare with the same kernels: what the method itself costs. */
export function methodOverhead({ backends, sizes, threads, quick }: Plan): Case[] {
  const banks = quick ? [1e3] : [1e4, 1e5];
  return backends
    .filter((backend) => backend === 'tensorflow' || backend === 'wasm')
    .flatMap((backend) =>
      sizes.map((size) => ({
        row: 'b',
        size,
        backend,
        contestants: {
          'bare step': tfjs('bare-step', { backend, size }, threads),
          ...Object.fromEntries(
            banks.map((bank) => [
              fitStep(bank),
              tfjs('fit-step', { backend, size, bank }, threads),
            ]),
          ),
        },
        ratios: banks.map((bank) => ({
          row: 'b',
          what: `${fitStep(bank)} / bare step`,
          ours: fitStep(bank),
          against: 'bare step',
          atMost: size === 64 && bank === 1e4 ? 1.1 : undefined,
        })),
      })),
    );
}

const fitStep = (bank: number) => `fit step, bank 1e${Math.log10(bank)}`;
