import type { Case } from '../case.js';
import { filmsOf, type Reading } from '../speed-model.js';
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
      const common = { row: 'n', size, work: films };
      const ratio = { row: 'n', ours: 'scorer', against: 'encoder' };
      const programs = (bank: number, reading: Reading) => {
        const folder = onnxFolder(size, bank, reading);
        const settings = { backend: 'none', size, threads };
        return {
          before: [
            tfjs('export-onnx', { backend: 'wasm', size, bank, folder, reading }, 1),
            exportNetwork(size),
            python('onnx_encoder.py', { folder: network }, 1),
          ],
          contestants: {
            scorer: tfjs('onnx-score', { ...settings, folder }, threads),
            encoder: tfjs('onnxruntime-embed', { ...settings, folder: network, films }, threads),
          },
        };
      };
      const small = (reading: Reading): Case => ({
        ...common,
        ...programs(SMALL_BANK.bank, reading),
        backend: `onnxruntime-node, 1e3 rows, ${reading}`,
        unit: 'images/s',
        ratios: [
          {
            ...ratio,
            what: `OnnxScorer / a session of the encoder alone, ${each}`,
            atLeast: SMALL_BANK.atLeast,
          },
        ],
      });
      const { before, contestants } = programs(large.bank, 'encoder and bank');
      const product = python('numpy_product.py', { bank: large.bank, queries: films }, threads);
      const withProduct: Case = {
        ...common,
        work: undefined,
        before,
        contestants: { ...contestants, product },
        backend: 'onnxruntime-node, 1e5 rows, encoder and bank',
        ratios: [
          {
            ...ratio,
            what: `OnnxScorer / the encoder alone and ${large.times} times numpy's product, ${each}`,
            plus: { of: 'product', times: large.times },
            atMost: quick ? undefined : 1,
          },
        ],
      };
      return [small('encoder and bank'), small('embedding'), withProduct];
    });
}
