import type { Case } from '../case.js';
import { SIDE } from '../frozen-cells.js';
import { tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** l: time and memory of fitting a frozen encoder's cells, over half as many films: how both grow. */
export function fitFrozen({ backends, threads, quick }: Plan): Case[] {
  const films = quick ? 64 : 803;
  return backends
    .filter((backend) => backend === 'wasm')
    .flatMap((backend) =>
      [false, true].map((peak) => {
        const fit = (bank: number) =>
          tfjs('fit-frozen', { backend, size: SIDE, bank, peak }, threads);
        const half = Math.round(films / 2);
        const [ours, against] = [`fit, ${films} films`, `fit, ${half} films`];
        return {
          row: 'l',
          size: peak ? films : SIDE,
          backend,
          contestants: { [ours]: fit(films), [against]: fit(half) },
          once: true,
          unit: peak ? 'MB' : 'ms',
          ratios: [
            {
              row: 'l',
              what: `${peak ? 'peak memory of ' : ''}${ours} / ${against}`,
              ours,
              against,
            },
          ],
        };
      }),
    );
}
