/**
 * Proof that the latent term works: what becomes of the latent loss and of the validation AUC by its weight, on the
 * paediatric chest films at 32 px, three seeds, weights of the epoch that validation chose. No test film is scored.
 *
 *   npx tsx benchmarks/quality/latent-weight.ts        writes latent-weight.md
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import '@tensorflow/tfjs-backend-wasm';
import { detectBackend } from 'salad-ad/backend';
import { areaUnderRoc } from 'salad-ad/metrics';
import { enableWasmTraining } from 'salad-ad/wasm';
import { loadChestXrays } from '../../examples/chest-xray/data.js';
import { chestModel } from '../../examples/chest-xray/model.js';
import { spread } from './spread.js';

const SEEDS = [1, 2, 3];
const RATIOS = [0, 0.05];
/** 0 is a billionth, so that the latent loss is still watched. */
const WEIGHTS = [0, 0.05, 0.1, 0.3, 1, 3];

await detectBackend();
enableWasmTraining();

const lines = [
  '# The latent term',
  '',
  `Validation AUC, weights of the epoch that validation chose, K 100, 32 px, seeds ${SEEDS.join(', ')}, mean +- standard deviation; latent loss in nats, mean over an epoch. Made by \`npx tsx benchmarks/quality/latent-weight.ts\`.`,
  '',
  '| known anomalies | latentWeight | AUC, angular | AUC, relative | latent loss, first epoch | last epoch |',
  '|---|---|---|---|---|---|',
];
const total = RATIOS.length * WEIGHTS.length * SEEDS.length;
const began = performance.now();
let done = 0;
for (const anomalyRatio of RATIOS) {
  for (const latentWeight of WEIGHTS) {
    const fits: Awaited<ReturnType<typeof fit>>[] = [];
    for (const seed of SEEDS) {
      fits.push(await fit({ anomalyRatio, latentWeight, seed }));
      done += 1;
      const minutes = ((performance.now() - began) / 60000 / done) * (total - done);
      console.error(`${done} of ${total}; about ${Math.ceil(minutes)} min left`);
    }
    const columns = ['angular', 'relative', 'first', 'last'] as const;
    const cells = columns.map((column) => spread(fits.map((one) => one[column])));
    lines.push(`| ${100 * anomalyRatio}% | ${latentWeight} | ${cells.join(' | ')} |`);
  }
}
await writeFile(
  fileURLToPath(new URL('latent-weight.md', import.meta.url)),
  `${lines.join('\n')}\n`,
);
console.log(lines.join('\n'));

async function fit({
  anomalyRatio,
  latentWeight,
  seed,
}: {
  anomalyRatio: number;
  latentWeight: number;
  seed: number;
}) {
  const { train, validation } = await loadChestXrays({ anomalyRatio, seed });
  const model = chestModel({
    size: 32,
    seed,
    latentWeight: latentWeight || 1e-9,
    scoreNeighbors: 100,
    keep: 'bestValidation',
  });
  const { epochs } = await model.fit(train, { validation });
  const { angular, relative } = await model.score(validation);
  model.dispose();
  return {
    angular: areaUnderRoc(angular, validation.labels),
    relative: areaUnderRoc(relative, validation.labels),
    first: epochs[0].latent ?? Number.NaN,
    last: epochs[epochs.length - 1].latent ?? Number.NaN,
  };
}
