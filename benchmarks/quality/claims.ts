/**
 * The paper's claims, each tested by paired comparisons of the tiers' runs: reads results/tier-*.json, writes
 * results/claims.md.
 *
 *   npx tsx benchmarks/quality/claims.ts
 */
import { readFile, writeFile } from 'node:fs/promises';
import { type PairedComparison, pairedTable } from 'salad-ad/experiments';

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
      reference === 'SALAD' && detector === 'MemDAE / MSE only' && !anomalies.kinds,
  },
  {
    claim: 'MemDAE is above all earlier detectors that see no label',
    tiers: ['1', '2'],
    holds: ({ reference, detector, anomalies }) =>
      reference === 'MemDAE / MSE only' && earlier.includes(detector) && anomalies.ratio === 0,
  },
  {
    claim:
      'With some anomalies known SALAD is above Deep SAD, whose known anomalies are of all kinds',
    tiers: ['1', '2', '3'],
    holds: ({ reference, detector, anomalies }) =>
      reference === 'SALAD' && detector === 'Deep SAD' && anomalies.ratio > 0,
  },
  {
    claim:
      'SALAD generalises to kinds that nobody told it, where Deep SAD and classifiers overfit those that they have seen',
    tiers: ['unseen'],
    holds: ({ reference, detector }) => reference === 'SALAD' && !detector.startsWith('SALAD'),
  },
];

const parts = [
  "# The paper's claims, by pairs",
  "Bozorgtabar et al. 2020, section 3, tested on the tiers' runs. Made by `npx tsx benchmarks/quality/claims.ts`. A claim of the form A above B holds where the verdict is *better*.",
];
for (const { claim, tiers, holds } of claims) {
  const pairs = (await Promise.all(tiers.map(pairsOf))).flat().filter(holds);
  parts.push(`## ${claim}`, pairedTable(pairs) || 'Not run.');
}
await writeFile(new URL('results/claims.md', import.meta.url), `${parts.join('\n\n')}\n`);

async function pairsOf(tier: string): Promise<readonly PairedComparison[]> {
  const file = new URL(`results/tier-${tier}.json`, import.meta.url);
  const text = await readFile(file, 'utf8').catch(() => '[]');
  return (JSON.parse(text) as { pairs: PairedComparison[] }[]).flatMap(({ pairs }) => pairs);
}
