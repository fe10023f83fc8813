import { attributeText } from '../splits/attributes.js';
import { checkKnownOptions } from '../support/check.js';
import { areasTable } from './areas-table.js';
import { besideTable, failedRuns } from './beside-table.js';
import type { PairedComparison } from './compare.js';
import type { DataFacts } from './data-facts.js';
import { kindsTable } from './kinds-table.js';
import { pairedTable } from './paired-table.js';
import type { ExperimentResults } from './run-experiment.js';
import { summarize } from './summarize.js';

/**
 * The tables of an experiment in Markdown: areas in both columns of choice, then what stands beside them,
 * findings, paired comparisons and what failed, a section for each data set.
 *
 * +- is 1.96 standard deviations over the seeds.
 *
 * @param options `pairs`: of `compareWith`; none unless given
 * @example
 * const pairs = compareWith(results, { reference: 'SALAD' });
 * await writeFile('tables.md', experimentTables(results, { pairs }));
 */
export function experimentTables(
  results: ExperimentResults,
  options: { readonly pairs?: readonly PairedComparison[] } = {},
): string {
  checkKnownOptions('experimentTables', options, ['pairs']);
  const { pairs = [] } = options;
  const summaries = summarize(results);
  return Object.entries(results.data)
    .flatMap(([name, facts]) => {
      const rows = summaries.filter(({ dataSet }) => dataSet === name);
      return [
        `## ${name}`,
        describe(facts),
        giveAways(facts),
        areasTable(rows, facts),
        besideTable(rows),
        kindsTable(rows, facts),
        pairedTable(pairs.filter(({ dataSet }) => dataSet === name)),
        failedRuns(rows),
      ];
    })
    .filter((part) => part !== '')
    .join('\n\n');
}

function describe({ hash, train, validation, test }: DataFacts): string {
  const count = ({ images, abnormal, patients }: DataFacts['train']) =>
    `${images} images (${abnormal} abnormal${patients === undefined ? '' : `, ${patients} patients`})`;
  const pool = `Training pool ${count(train)}, validation ${count(validation)}, test ${count(test)}`;
  return `${pool}; data ${hash}. +- is 1.96 standard deviations over the seeds.`;
}

function giveAways({ test }: DataFacts): string {
  if (test.giveAways.length === 0) return '';
  const found = test.giveAways.map(
    ({ attribute, abnormal, area: { estimate, lower, upper } }) =>
      `${attributeText(attribute)} (${abnormal}) ${estimate.toFixed(3)} [${lower.toFixed(3)}, ${upper.toFixed(3)}]`,
  );
  return `What one trait alone gives away, AUC with DeLong's 95% interval: ${found.join('; ')}.`;
}
