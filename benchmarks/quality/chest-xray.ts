/**
 * What SALAD is worth on the paediatric chest X-rays, and proof that its latent term works.
 *
 *   npx tsx benchmarks/quality/chest-xray.ts            validation only: for choosing settings
 *   npx tsx benchmarks/quality/chest-xray.ts --test     the test set too: once, after they are committed
 *
 * Runs the table of ablations and a sweep of latentWeight, three seeds each, two at a time on two
 * cores, and writes chest-xray.md (chest-xray-validation.md without --test) beside this file. A stopped
 * run goes on where it stopped.
 */
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { defaultSettings } from 'salad-ad';
import { textureScores } from 'salad-ad/baselines';
import { none } from 'salad-ad/data';
import { quartiles } from 'salad-ad/metrics';
import { loadChestXrays } from '../../examples/chest-xray/data.js';
import { prepared, scoreFloors } from '../../examples/chest-xray/floors.js';
import { RATIOS, SEEDS, tablePlans, VARIANTS } from '../../examples/chest-xray/full-table.js';
import { chestSettings } from '../../examples/chest-xray/model.js';
import { carryOut, type RunPlan, type RunRecord } from '../../examples/chest-xray/runs.js';
import { floorTable, gainTable, type Split, sweepTable, variantTable } from './tables.js';

const { values: flags } = parseArgs({
  options: {
    test: { type: 'boolean', default: false },
    size: { type: 'string', default: '32' },
    out: { type: 'string', default: 'output/chest-xray/full' },
  },
});
const size = Number(flags.size);

/** Times the latentWeight in use; 0 is a billionth, so that the latent loss is still watched. */
const MULTIPLES = [0, 0.3, 3, 10];
const sweep: RunPlan[] = RATIOS.flatMap((anomalyRatio) =>
  MULTIPLES.flatMap((multiple) =>
    SEEDS.map((seed) => ({
      name: `latentWeight x ${multiple}`,
      settings: { latentWeight: (multiple || 1e-9) * chestSettings.latentWeight },
      anomalyRatio,
      seed,
      size,
      scoreTest: false,
    })),
  ),
);

await tf.setBackend('wasm');
const started = performance.now();
const table = await carryOut(tablePlans({ size, scoreTest: flags.test }), flags.out);
const swept = await carryOut(sweep, flags.out);
const minutes = (performance.now() - started) / 60000;

const parts = [
  '# SALAD on paediatric chest X-rays',
  '',
  `Made by \`npx tsx benchmarks/quality/chest-xray.ts${flags.test ? ' --test' : ''}\` on ${availableParallelism()} cores, Node ${process.version}, tfjs wasm, ` +
    `${minutes.toFixed(0)} min for what was not there before. ${size} px, seeds ${SEEDS.join(', ')}, weights chosen by validation AUC. ` +
    'Normals only trains on 803 films; 5% adds 42 known anomalies, drawn anew with each seed. +- is the standard deviation over seeds.',
  '',
  `Settings: \`${JSON.stringify({ ...defaultSettings, ...chestSettings })}\``,
];
for (const name of flags.test ? (['validation', 'test'] as const) : (['validation'] as const)) {
  parts.push('', ...(await sectionOf(name, table)));
}
parts.push(
  '',
  '## The latent term, on validation',
  '',
  sweepTable([...table, ...swept], Object.keys(VARIANTS)[0], await labelsOf('validation')),
);
const file = flags.test ? 'chest-xray.md' : 'chest-xray-validation.md';
await writeFile(fileURLToPath(new URL(file, import.meta.url)), `${parts.join('\n')}\n`);
console.log(parts.join('\n'));

async function sectionOf(name: Split, records: readonly RunRecord[]): Promise<string[]> {
  const lines = [`## ${name === 'test' ? 'Test' : 'Validation'}`];
  for (const anomalyRatio of RATIOS) {
    const data = await loadChestXrays({ anomalyRatio, seed: 1 });
    const source = data[name];
    const floors = await scoreFloors({ ...data, test: source }, { size, seed: 1 });
    const strata = quartiles(textureScores(await prepared(source, size, none())).localContrast);
    const rows = records.filter((record) => record.anomalyRatio === anomalyRatio);
    const floor = floors.find((one) => one.name === 'raw pixels, localContrast');
    if (!floor) throw new Error('the localContrast pixel floor is missing');
    lines.push(
      '',
      `### ${anomalyRatio === 0 ? 'Normals only' : `${anomalyRatio * 100}% known anomalies`} (${source.length} films, prevalence .5)`,
      '',
      variantTable(rows, name, source.labels, strata),
      '',
      'Paired gains of the full method, mean AUC over seeds, 95% interval of a bootstrap over films:',
      '',
      gainTable(rows, name, source.labels, floor),
      '',
      'Floors (AUC with DeLong interval, AUPRC with bootstrap interval; seed 1 for what draws):',
      '',
      floorTable(floors, source.labels, strata),
    );
  }
  return lines;
}

async function labelsOf(name: Split): Promise<ArrayLike<number>> {
  return (await loadChestXrays({ anomalyRatio: 0, seed: 1 }))[name].labels;
}
