/**
 * Puts the data sets of tiers 1 and 2 beside each other, like the paper's Table 1: reads results/tier-1.json and
 * tier-2.json, writes results/side-by-side.md.
 *
 *   npx tsx benchmarks/quality/side-by-side.ts
 */
import { writeFile } from 'node:fs/promises';
import { sideBySideTable } from 'salad-ad/experiments';
import { choiceText } from '../../src/experiments/markdown.js';
import { shortcutsTable } from './shortcuts.js';
import { tierSummaries } from './tier-summaries.js';

const sections = [
  '# Side by side',
  'AUC on test images, +- 1.96 standard deviations over the seeds. Made by `npx tsx benchmarks/quality/side-by-side.ts` of [tier 1](tier-1.md) and [tier 2](tier-2.md), which say how the columns were made and compare by pairs.',
  'Rows marked "planned after an evaluation" were planned after the test films had been scored.',
];
const tiers = (await Promise.all(['1', '2'].map(tierSummaries))).flat();
const rows = tiers.flatMap((tier) => tier.rows);
for (const choice of ['labelFree', 'validationChosen'] as const)
  sections.push(
    `## ${choiceText(choice)}`,
    shortcutsTable(tiers),
    sideBySideTable(rows, { choice }),
  );
await writeFile(new URL('results/side-by-side.md', import.meta.url), `${sections.join('\n\n')}\n`);
