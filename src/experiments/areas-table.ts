import { canonicalJson } from '../support/canonical-json.js';
import { check, checkKnownOptions } from '../support/check.js';
import type { Choice } from './config.js';
import type { DataFacts } from './data-facts.js';
import { anomaliesText, spread, table } from './markdown.js';
import { checkSummaries, type RowSummary } from './summarize.js';

/** Like the paper's Table 1. */
export function areasTable(rows: readonly RowSummary[], { test }: DataFacts): string {
  const auprc = `AUPRC (prevalence ${(test.abnormal / test.images).toFixed(3)})`;
  return table(
    [
      'known anomalies',
      'detector',
      'AUC, label-free',
      `${auprc}, label-free`,
      'AUC, validation-chosen',
      `${auprc}, validation-chosen`,
      'seeds',
    ],
    byDetector(rows).map((group) => {
      const [free, chosen] = ['labelFree', 'validationChosen'].map((choice) =>
        group.find((row) => row.choice === choice),
      );
      return [
        anomaliesText(group[0].anomalies),
        called(group[0]),
        area(free),
        spread(free?.averagePrecision),
        area(chosen),
        spread(chosen?.averagePrecision),
        String(Math.max(...group.map(({ seeds }) => seeds.length))),
      ];
    }),
  );
}

/**
 * Writes the areas of one choice as a table in Markdown, the data sets side by side like the paper's Table 1. +- is 1.96
 * standard deviations over the seeds. Rows with known findings are left out.
 *
 * @param rows what `summarize` returned, of one experiment or several
 * @param options `choice`: the one that is shown
 * @returns a table in Markdown; empty without rows
 * @throws INVALID_OPTION, for one where two rows are of one place: the same detector, set, known anomalies and choice; UNKNOWN_OPTION
 * @example
 * const text = sideBySideTable([...summarize(chests), ...summarize(knees)], { choice: 'labelFree' });
 */
export function sideBySideTable(
  rows: readonly RowSummary[],
  options: {
    /** The choice whose areas are shown. */
    readonly choice: Choice;
  },
): string {
  const where = 'sideBySideTable';
  checkKnownOptions(where, options, { choice: true });
  checkSummaries(where, rows);
  const { choice } = options;
  const shown = rows.filter((row) => row.choice === choice && !row.anomalies.findings);
  const names = [...new Set(shown.map(({ dataSet }) => dataSet))];
  return table(
    ['known anomalies', 'detector', ...names],
    byDetector(shown).map((group) => [
      anomaliesText(group[0].anomalies),
      called(group[0]),
      ...names.map((name) => area(onlyOne(group.filter(({ dataSet }) => dataSet === name)))),
    ]),
  );
}

/** The row of a place, which two experiments must not share: their numbers may differ. */
function onlyOne(rows: readonly RowSummary[]): RowSummary | undefined {
  check(rows.length < 2, 'INVALID_OPTION', () => {
    const { detector, dataSet, anomalies } = rows[0];
    return `sideBySideTable: ${rows.length} rows are '${detector}' on '${dataSet}' with known anomalies: ${anomaliesText(anomalies)}; expected one for each place; leave out the rows of all but one experiment.`;
  });
  return rows[0];
}

/** A reader of one table alone must know which rows are no evaluation of something fixed beforehand. */
function called({ detector, afterEvaluation }: RowSummary): string {
  return afterEvaluation ? `${detector} (planned after an evaluation)` : detector;
}

/** Rows of one detector that knew as many anomalies. */
function byDetector(rows: readonly RowSummary[]): readonly RowSummary[][] {
  const groups = new Map<string, RowSummary[]>();
  for (const row of rows) {
    const key = canonicalJson([row.anomalies, row.detector]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()];
}

/** An area, or why there is none. */
function area(row: RowSummary | undefined): string {
  if (!row) return '';
  const { areaUnderRoc, failed, missing, seeds } = row;
  const notes = [
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(missing.length > 0 && seeds.length + failed.length > 0
      ? [`${missing.length} not run`]
      : []),
  ];
  const text = spread(areaUnderRoc) || (failed.length > 0 ? '' : 'not run');
  return [text, ...(notes.length > 0 ? [`(${notes.join(', ')})`] : [])].filter(Boolean).join(' ');
}
