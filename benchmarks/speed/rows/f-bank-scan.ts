import type { Case, Ratio } from '../case.js';
import { python, tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** f: scores of 256 embeddings of 200 numbers, K = 100, against a BLAS product of the same size and an approximate index. */
export function bankScan({ backends, threads, quick }: Plan): Case[] {
  const forms = [
    { backend: 'tensorflow', counts: [threads] },
    { backend: 'wasm', counts: [...new Set([1, threads])] },
  ].filter(({ backend }) => backends.includes(backend));
  return (quick ? [1e4] : [1e4, 1e5, 1e6]).flatMap((bank) =>
    forms.map(({ backend, counts }) => {
      // An index of a million rows takes longer to build than all else here together.
      const indexed = bank <= 1e5;
      const on = (count: number) => {
        const each = count === 1 ? 'one thread each' : `${count} threads each`;
        const [scan, product, index] = [`scan, ${count}`, `product, ${count}`, `index, ${count}`];
        const contestants = {
          [scan]: tfjs('bank-scan', { backend, size: 0, bank, wasmThreads: count }, count),
          [product]: python('numpy_product.py', { bank }, count),
          ...(indexed && { [index]: python('hnswlib_search.py', { bank }, count) }),
        };
        const target = TARGETS[`${backend} ${bank} ${count}`];
        const common = { row: 'f', ours: scan };
        const ratios: Ratio[] = [
          {
            ...common,
            what: `bank scan / numpy's product, ${each}`,
            against: product,
            atMost: target,
          },
          { ...common, what: `bank scan / hnswlib, ${each}`, against: index },
        ];
        return { contestants, ratios: indexed ? ratios : ratios.slice(0, 1) };
      };
      const all = counts.map(on);
      return {
        row: 'f',
        size: bank,
        backend,
        contestants: Object.assign({}, ...all.map(({ contestants }) => contestants)),
        ratios: all.flatMap(({ ratios }) => ratios),
      };
    }),
  );
}

/** Largest ratios to the product, by the backend, the rows of the bank and the threads. */
const TARGETS: Record<string, number> = {
  'wasm 10000 1': 2.2,
  'wasm 100000 2': 1.9,
  'tensorflow 10000 2': 3.5,
  'tensorflow 100000 2': 1.5,
};
