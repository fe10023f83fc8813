/**
 * Whether promises are kept where what they rest on is true: thresholds of simulated normals, their certificates, and selections.
 *
 *   npx tsx benchmarks/quality/promises.ts
 *       --calibrations 2000         of each kind
 *       --out file.md               default promises.md beside this script
 *
 * Ends with exit code 1 where a mean lies more than four standard errors above its promise, or more certificates are broken than
 * four standard errors above 5%.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from '../../src/experiments/markdown.js';
import { type KeptPromise, keptPromise, keptSelection, scoreKinds } from './promise-simulation.js';

const { values: flags } = parseArgs({
  options: {
    calibrations: { type: 'string', default: '2000' },
    out: { type: 'string', default: fileURLToPath(new URL('promises.md', import.meta.url)) },
  },
});
const calibrations = Number(flags.calibrations);
const counts = [20, 50, 100, 200, 500, 1000];
const rates = [0.01, 0.05, 0.1];

const percent = (share: number, digits = 2) => `${(100 * share).toFixed(digits)}%`;
const cases = counts.flatMap((normals) => rates.map((asked) => [normals, asked] as const));
const thresholds = cases.map(([normals, asked]) =>
  Object.keys(scoreKinds).map((kind) => keptPromise(kind, normals, asked, calibrations)),
);
const selections = counts.flatMap((normals) =>
  [0.05, 0.1, 0.2].map((asked) => keptSelection(normals, asked, calibrations)),
);
const lines = [
  '# Promises, simulated',
  '',
  `Made by \`npx tsx benchmarks/quality/promises.ts${calibrations === 2000 ? '' : ` --calibrations ${calibrations}`}\`: ${calibrations} calibrations by \`fitThreshold\` for each number. The false alarm rate of each threshold is known exactly; mean ± standard error over calibrations.`,
  '',
  table(
    [
      'validation normals',
      'asked',
      'promised',
      ...Object.keys(scoreKinds).map((kind) => `false alarms, ${kind}`),
      'certified at 95%',
      'above that (uniform)',
    ],
    thresholds.map((kinds) => {
      const [{ normals, asked, promised, certified, broken }] = kinds;
      return [
        String(normals),
        percent(asked, 0),
        percent(promised),
        ...kinds.map(({ rate, error }) => `${percent(rate)} ± ${percent(error)}`),
        percent(certified),
        percent(broken, 1),
      ];
    }),
  ),
  '',
  `Selections by \`conformal.benjaminiHochberg\` in batches of 160 normal images and 40 abnormal ones that score three standard deviations higher (${calibrations} batches, each beside normals of its own): the share of normal images among the selected ones.`,
  '',
  table(
    ['validation normals', 'asked', 'normal among the selected', 'abnormal images found'],
    selections.map(({ normals, asked, falseShare, error, found }) => [
      String(normals),
      percent(asked, 0),
      `${percent(falseShare)} ± ${percent(error)}`,
      percent(found, 0),
    ]),
  ),
];
console.log(lines.join('\n'));
await writeFile(flags.out, `${lines.join('\n')}\n`);

const isKept = ({ rate, promised, error, broken }: KeptPromise) =>
  rate <= promised + 4 * error && broken <= 0.05 + 4 * Math.sqrt(0.0475 / calibrations);
if (!thresholds.flat().every(isKept)) process.exitCode = 1;
if (selections.some(({ falseShare, asked, error }) => falseShare > asked + 4 * error))
  process.exitCode = 1;
