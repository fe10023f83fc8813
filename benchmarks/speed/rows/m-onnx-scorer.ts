import type { Case } from '../case.js';
import { filmsOf } from '../speed-model.js';
import { earlierScore, onnxFolder, tfjs } from '../workers.js';
import type { Plan } from './plan.js';

/** Rows of the bank. */
const BANK = 1000;

/** With cells, and without. */
const READINGS = ['default', 'embedding'] as const;

/** Images a second, times those of the model itself. */
const TARGETS: Readonly<Record<number, number>> = { 64: 3, 256: 1.5 };

/**
 * m: films in memory to scores by `OnnxScorer` on onnxruntime-node, over `model.score` on tfjs-node; with `--earlier` also over that of an
 * earlier checkout by its own defaults.
 */
export function onnxAgainstTfjs({ backends, sizes, threads, earlier }: Plan): Case[] {
  if (!backends.includes('tensorflow')) return [];
  const each = `${threads === 1 ? 'one thread' : `${threads} threads`} each`;
  return sizes
    .filter((size) => size in TARGETS)
    .flatMap((size) => READINGS.map((reading) => ({ size, reading })))
    .map(({ size, reading }): Case => {
      const folder = onnxFolder(size, BANK, reading);
      const settings = { size, bank: BANK, folder, reading };
      return {
        row: 'm',
        size,
        backend: `tensorflow, ${reading} score`,
        before: [tfjs('export-onnx', { ...settings, backend: 'wasm' }, 1)],
        contestants: {
          scorer: tfjs('onnx-score', { ...settings, backend: 'none', threads }, threads),
          model: tfjs('model-score', { ...settings, backend: 'tensorflow' }, threads),
          ...(earlier && {
            earlier: earlierScore(earlier, { size, bank: BANK, films: filmsOf(size) }, threads),
          }),
        },
        work: filmsOf(size),
        unit: 'images/s',
        ratios: [
          {
            row: 'm',
            what: `OnnxScorer / model.score on tfjs-node, ${each}`,
            ours: 'scorer',
            against: 'model',
            atLeast: TARGETS[size],
          },
          ...(earlier
            ? [
                {
                  row: 'm',
                  what: `OnnxScorer / model.score of the earlier checkout on tfjs-node, ${each}`,
                  ours: 'scorer',
                  against: 'earlier',
                  atLeast: TARGETS[size],
                },
              ]
            : []),
        ],
      };
    });
}
