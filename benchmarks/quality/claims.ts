/**
 * The paper's claims, each tested by paired comparisons of the tiers' runs: reads results/tier-*.json, writes
 * results/claims.md.
 *
 *   npx tsx benchmarks/quality/claims.ts
 */
import { writeFile } from 'node:fs/promises';
import { type PairedComparison, pairedTable, type RowSummary } from 'salad-ad/experiments';
import {
  anomaliesText,
  choiceText,
  signed,
  signedInterval,
  table,
} from '../../src/experiments/markdown.js';
import { meanInterval } from '../../src/experiments/mean-interval.js';
import { shortcutsTable } from './shortcuts.js';
import { tierSummaries } from './tier-summaries.js';

const earlier = [
  'DAE',
  'Deep SVDD',
  'geometric transformations',
  'adversarial one-class',
  'adversarial one-class (gradient penalty)',
];

const claims: readonly {
  readonly claim: string;
  readonly tiers: readonly string[];
  readonly holds: (pair: PairedComparison) => boolean;
}[] = [
  {
    claim:
      'The full method is above itself without aggregation, and that above itself without reconstruction',
    tiers: ['1'],
    holds: ({ reference, detector }) =>
      (reference === 'SALAD' && /^SALAD without/.test(detector)) ||
      (reference === 'SALAD without aggregation' && detector === 'SALAD without reconstruction'),
  },
  {
    claim: 'SALAD is above MemDAE',
    tiers: ['1', '2'],
    holds: ({ reference, detector, anomalies }) =>
      reference === 'SALAD' && detector === 'MemDAE / MSE only' && !anomalies.findings,
  },
  {
    claim:
      "Not the paper's: with as many steps as the chest films give, the embedding is no worse than raw pixels on NIH",
    tiers: ['2'],
    holds: ({ reference, detector, anomalies }) =>
      reference.startsWith('SALAD (longer)') &&
      /^(pixels|untrained|MemDAE|mean intensity)/.test(detector) &&
      anomalies.ratio === 0,
  },
  {
    claim:
      "Not the paper's: on PneumoniaMNIST SALAD is above MemDAE scored by `angular`, on MedMNIST's split and on two others of its films (patients not known)",
    tiers: ['2', 'again'],
    holds: ({ dataSet, reference, detector, anomalies }) =>
      dataSet.startsWith('pneumoniamnist') &&
      reference === 'SALAD' &&
      detector === 'MemDAE / MSE only, angular' &&
      anomalies.ratio === 0,
  },
  {
    claim: 'MemDAE is above all earlier detectors that see no label',
    tiers: ['1', '2'],
    holds: ({ reference, detector, anomalies }) =>
      reference === 'MemDAE / MSE only' && earlier.includes(detector) && anomalies.ratio === 0,
  },
  {
    claim:
      'With some anomalies known SALAD is above Deep SAD, whose known anomalies have any finding',
    tiers: ['1', '2'],
    holds: ({ reference, detector, anomalies }) =>
      reference === 'SALAD' && detector === 'Deep SAD' && anomalies.ratio > 0,
  },
  {
    claim: 'The same with more of them',
    tiers: ['3'],
    holds: ({ reference, detector, anomalies }) =>
      reference === 'SALAD' && detector === 'Deep SAD' && anomalies.ratio > 0.05,
  },
  {
    claim:
      'SALAD generalises to findings that were not known in training, where Deep SAD and classifiers overfit those that were',
    tiers: ['unseen'],
    holds: ({ reference, detector }) => reference === 'SALAD' && !detector.startsWith('SALAD'),
  },
];

const sections = [
  "# The paper's claims, by pairs",
  "Bozorgtabar et al. 2020, section 3, tested on the tiers' runs. Made by `npx tsx benchmarks/quality/claims.ts`. A claim of the form A above B holds where the verdict is *better*.",
];
for (const { claim, tiers, holds } of claims) {
  const summaries = (await Promise.all(tiers.map(tierSummaries))).flat();
  const pairs = summaries.flatMap(({ pairs }) => pairs).filter(holds);
  sections.push(`## ${claim}`, shortcutsTable(summaries), pairedTable(pairs) || 'Not run.');
}
const rows = (await Promise.all(['1', '2', '3'].map(tierSummaries)))
  .flat()
  .flatMap(({ rows }) => rows);
sections.push(
  '## Some known anomalies help',
  "AUC with known anomalies minus that without, by paired seeds: Student's t, 95%.",
  table(
    ['data set', 'known anomalies', 'detector', 'choice', 'difference', 'over seeds'],
    rows.flatMap((row) => gainOf(row) ?? []),
  ),
);
await writeFile(new URL('results/claims.md', import.meta.url), `${sections.join('\n\n')}\n`);

/** What a row gains over the same detector without known anomalies; undefined where that is another claim's. */
function gainOf(row: RowSummary): string[][] | undefined {
  const { dataSet, anomalies, detector, choice, seeds } = row;
  const learning = ['SALAD', 'MemDAE / MSE only', 'Deep SAD'];
  if (anomalies.ratio === 0 || anomalies.findings || !learning.includes(detector)) return undefined;
  const without = rows.find(
    (other) =>
      other.anomalies.ratio === 0 &&
      other.dataSet === dataSet &&
      other.detector === detector &&
      other.choice === choice,
  );
  const gain = meanInterval(
    seeds.flatMap(({ seed, areaUnderRoc }) => {
      const other = without?.seeds.find((one) => one.seed === seed);
      return other ? [areaUnderRoc - other.areaUnderRoc] : [];
    }),
  );
  if (!gain) return undefined;
  const place = [dataSet, anomaliesText(anomalies), detector, choiceText(choice)];
  return [[...place, signed(gain.estimate), signedInterval(gain)]];
}
