/**
 * Puts the data sets of tiers 1 and 2 beside each other, like the paper's Table 1: reads results/tier-1.json and
 * tier-2.json, writes results/side-by-side.md.
 *
 *   npx tsx benchmarks/quality/side-by-side.ts
 */
import { readFile, writeFile } from 'node:fs/promises';
import { type ExperimentConfig, type RowSummary, sideBySideTable } from 'salad-ad/experiments';
import { giveAwaysTable, type WithGiveAways } from './give-aways.js';

interface TierSummary extends WithGiveAways {
  readonly config: ExperimentConfig;
  readonly rows: readonly RowSummary[];
}

const parts = [
  '# Side by side',
  'AUC on test images, +- 1.96 standard deviations over the seeds. Made by `npx tsx benchmarks/quality/side-by-side.ts` of [tier 1](tier-1.md) and [tier 2](tier-2.md), which say how the columns were made and compare by pairs.',
  'Rows marked "planned after a look" were thought of after the test films had been scored.',
];
const tiers: TierSummary[] = [];
for (const tier of ['1', '2'])
  tiers.push(
    ...JSON.parse(await readFile(new URL(`results/tier-${tier}.json`, import.meta.url), 'utf8')),
  );
for (const choice of ['label-free', 'validation-chosen'] as const)
  parts.push(
    `## ${choice}`,
    giveAwaysTable(tiers),
    sideBySideTable(
      tiers.flatMap(({ rows }) => rows),
      { choice },
    ),
  );
await writeFile(new URL('results/side-by-side.md', import.meta.url), `${parts.join('\n\n')}\n`);
