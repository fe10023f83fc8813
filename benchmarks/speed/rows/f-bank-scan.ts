import type { Case, Ratio } from '../case.js';
import { python, tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** Largest ratios to the product, by the rows of the bank. */
const TARGETS: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  1e4: { wasm: 2.2, tensorflow: 3.5 },
  1e5: { tensorflow: 1.5 },
};

/** f: scores of 256 embeddings of 200 numbers, K = 100, against a BLAS product of the same size and an approximate index. */
export function bankScan({ backends, threads, quick }: Plan): Case[] {
  const forms = backends
    .filter((backend) => backend === 'tensorflow' || backend === 'wasm')
    .map((backend) => ({ backend, count: backend === 'wasm' ? 1 : threads }));
  return (quick ? [1e4] : [1e4, 1e5, 1e6]).flatMap((bank) =>
    forms.map(({ backend, count }) => {
      const each = `${count === 1 ? 'one thread' : `${count} threads`} each`;
      const common = { row: 'f', ours: 'scan' };
      const product: Ratio = {
        ...common,
        what: `bank scan / numpy's product, ${each}`,
        against: 'product',
        atMost: TARGETS[bank]?.[backend],
      };
      const index: Ratio = { ...common, what: `bank scan / hnswlib, ${each}`, against: 'index' };
      // An index of a million rows takes longer to build than all else here together.
      const indexed = bank <= 1e5;
      return {
        row: 'f',
        size: bank,
        backend,
        contestants: {
          scan: tfjs('bank-scan', { backend, size: 0, bank }, count),
          product: python('numpy_product.py', { bank }, count),
          ...(indexed && { index: python('hnswlib_search.py', { bank }, count) }),
        },
        ratios: indexed ? [product, index] : [product],
      };
    }),
  );
}
