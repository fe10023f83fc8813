import type { Case } from '../case.js';
import { filmsOf } from '../speed-model.js';
import { exportFolder, exportNetwork, onnxFolder, python, tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** Of the bare session's speed, with a small bank. */
const SMALL_BANK = { bank: 1e3, atLeast: 0.9 };

/** Of the time of the bare session and, so many times, of numpy's product with a large one. */
const LARGE_BANK = { bank: 1e5, times: 1.4 };

/** n: films in memory to scores by `OnnxScorer`, over the encoder alone in a session of onnxruntime-node that is fed float32. */
export function onnxAgainstBare({ backends, sizes, threads, quick }: Plan): Case[] {
  if (!backends.includes('tensorflow')) return [];
  const each = `${threads === 1 ? 'one thread' : `${threads} threads`} each`;
  const large = { ...LARGE_BANK, bank: quick ? 1e4 : LARGE_BANK.bank };
  return sizes
    .filter((size) => size === 64 || size === 256)
    .flatMap((size) => {
      const films = filmsOf(size);
      const network = exportFolder(size);
      const before = (bank: number) => [
        tfjs('export-onnx', { backend: 'wasm', size, bank, folder: onnxFolder(size, bank) }, 1),
        exportNetwork(size),
        python('onnx_encoder.py', { folder: network }, 1),
      ];
      const contestants = (bank: number) => {
        const common = { backend: 'none', size, threads };
        return {
          scorer: tfjs('onnx-score', { ...common, folder: onnxFolder(size, bank) }, threads),
          encoder: tfjs('onnxruntime-embed', { ...common, folder: network, films }, threads),
        };
      };
      const common = { row: 'n', ours: 'scorer', against: 'encoder' };
      const small: Case = {
        row: 'n',
        size,
        backend: 'onnxruntime-node, 1e3 rows',
        before: before(SMALL_BANK.bank),
        contestants: contestants(SMALL_BANK.bank),
        work: films,
        unit: 'images/s',
        ratios: [
          {
            ...common,
            what: `OnnxScorer / a session of the encoder alone, ${each}`,
            atLeast: SMALL_BANK.atLeast,
          },
        ],
      };
      const withProduct: Case = {
        row: 'n',
        size,
        backend: 'onnxruntime-node, 1e5 rows',
        before: before(large.bank),
        contestants: {
          ...contestants(large.bank),
          product: python('numpy_product.py', { bank: large.bank, queries: films }, threads),
        },
        ratios: [
          {
            ...common,
            what: `OnnxScorer / the encoder alone and ${large.times} times numpy's product, ${each}`,
            plus: { of: 'product', times: large.times },
            atMost: quick ? undefined : 1,
          },
        ],
      };
      return [small, withProduct];
    });
}
