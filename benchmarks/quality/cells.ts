/**
 * What cells beside the vector are worth, without pretrained weights and with the frozen encoder: five sets, three seeds, no label, one
 * setting for all.
 *
 *   npx tsx benchmarks/quality/cells.ts --part validation       the default: no test image is opened to a detector
 *       --part test         the evaluation, once
 *       --size 64           what SALAD's own network sees
 *       --tables            tables of the runs that are there
 *       and --only, --data-set, --seeds, --jobs, --retry, as of run.ts
 *
 * The runs are those of `run.ts --tier cells`: a process and a file each, so that a stopped command goes on where it stopped. Writes
 * cells.md beside the tables of the tier, in results/cells/ or results/cells-validation/.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import '@tensorflow/tfjs-backend-wasm';
import { detectBackend } from 'salad-ad/backend';
import {
  compareWith,
  type PairedComparison,
  type RowSummary,
  runExperiment,
  summarize,
} from 'salad-ad/experiments';
import { cellKinds } from './cell-kinds.js';
import { cellTier, sides } from './cell-tier.js';
import { areasByReading, gainsByReading } from './cells-table.js';
import { openers } from './data-sets.js';
import { turned } from './turned.js';
import { validationAsTest } from './validation-as-test.js';

/** Of wall-clock time, for a machine that does other work too. */
const BUDGET = 900;

const { values: flags } = parseArgs({
  strict: false,
  options: {
    part: { type: 'string', default: 'validation' },
    size: { type: 'string', default: '64' },
  },
});
const part = String(flags.part);
const size = Number(flags.size);
const folder = new URL(
  part === 'test' ? 'results/cells/' : 'results/cells-validation/',
  import.meta.url,
);

const given = process.argv.slice(2);
const run = fork(fileURLToPath(new URL('run.ts', import.meta.url)), [
  ...['--tier', 'cells', '--budget', String(BUDGET), '--size', String(size), '--part', part],
  // Of an option that is given twice the last counts.
  ...given,
]);
const [code] = await once(run, 'exit');
if (code !== 0) process.exit(1);

await detectBackend();
const rows: RowSummary[] = [];
const pairs: PairedComparison[] = [];
for (const config of cellTier(size)) {
  const [name] = config.dataSets;
  const open = openers(sides[name])[name];
  const results = turned(
    await runExperiment(
      { ...config, budgetSeconds: BUDGET },
      {
        dataSets: { [name]: part === 'test' ? open : async () => validationAsTest(await open()) },
        detectors: cellKinds,
        out: fileURLToPath(new URL('runs', folder)),
        only: [],
      },
    ),
  );
  const own = summarize(results).filter(({ seeds }) => seeds.length > 0);
  rows.push(...own);
  for (const reference of ['SALAD', 'frozen encoder'])
    if (own.some(({ detector }) => detector === reference))
      pairs.push(...compareWith(results, { reference }));
}
const sections = [
  `# Cells beside the vector, ${part} images`,
  `Made by \`npx tsx benchmarks/quality/cells.ts --part ${part} --size ${size}\`. Label-free, one setting for all sets, weights of the last epoch, three seeds; SALAD's own network sees ${size} px, or the films' own size where that is smaller. +- is 1.96 standard deviations over the seeds. Brightness and texture are turned so that they reach at least .5, and of three numbers of texture the best is shown.`,
  areasByReading(rows),
  "By paired seeds: the difference, its 95% interval over seeds (Student's t), and over images (bootstrap by patients where they are known).",
  gainsByReading(pairs),
];
await writeFile(new URL('cells.md', folder), `${sections.join('\n\n')}\n`);
console.log(`wrote ${fileURLToPath(new URL('cells.md', folder))}`);
