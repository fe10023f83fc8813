import { checkKnownOptions } from '../support/check.js';
import { areasTable } from './areas-table.js';
import { besideTable, failedRuns } from './beside-table.js';
import type { PairedComparison } from './compare.js';
import type { DataFacts } from './data-facts.js';
import type { ExperimentResults } from './experiment-results.js';
import { findingsTable } from './findings-table.js';
import { pairedTable } from './paired-table.js';
import { shortcutsText } from './shortcuts-text.js';
import { summariesOf } from './summarize.js';

/**
 * Writes the tables of an experiment in Markdown, a section for each data set: shortcuts, areas by both choices, time and memory,
 * findings, paired comparisons and failed runs.
 *
 * +- is 1.96 standard deviations over the seeds.
 *
 * @param results what `runExperiment` returned
 * @param options `pairs`
 * @returns Markdown
 * @throws INVALID_OPTION, UNKNOWN_OPTION
 * @example
 * const pairs = compareWith(results, { reference: 'SALAD' });
 * await writeFile('tables.md', experimentTables(results, { pairs }));
 */
export function experimentTables(
  results: ExperimentResults,
  options: {
    /**
     * What `compareWith` returned.
     * @defaultValue no comparisons
     */
    readonly pairs?: readonly PairedComparison[];
  } = {},
): string {
  const where = 'experimentTables';
  checkKnownOptions(where, options, { pairs: true });
  const { pairs = [] } = options;
  const summaries = summariesOf(where, results);
  return Object.entries(results.data)
    .flatMap(([name, facts]) => {
      const rows = summaries.filter(({ dataSet }) => dataSet === name);
      return [
        `## ${name}`,
        describe(facts),
        shortcutsText(rows, facts),
        areasTable(rows, facts),
        besideTable(rows, facts),
        findingsTable(rows, facts),
        pairedTable(pairs.filter(({ dataSet }) => dataSet === name)),
        failedRuns(rows),
      ];
    })
    .filter((text) => text !== '')
    .join('\n\n');
}

function describe({ hash, train, validation, test }: DataFacts): string {
  const count = ({ images, abnormal, patients }: DataFacts['train']) =>
    `${images} images (${abnormal} abnormal${patients === undefined ? '' : `, ${patients} patients`})`;
  const pool = `Training pool ${count(train)}, validation ${count(validation)}, test ${count(test)}`;
  return `${pool}; data ${hash}. +- is 1.96 standard deviations over the seeds.`;
}
