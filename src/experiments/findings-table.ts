import type { DataFacts } from './data-facts.js';
import { anomaliesText, choiceText, spread, table } from './markdown.js';
import type { Replicates } from './mean-interval.js';
import type { RowSummary } from './summarize.js';

/** Areas by finding, and of the findings that were known in training or not. */
export function findingsTable(rows: readonly RowSummary[], { test }: DataFacts): string {
  const names = [...new Set(rows.flatMap(({ byFinding = {} }) => Object.keys(byFinding)))];
  if (names.length === 0) return '';
  const countOf = (name: string) => test.findings?.filter((one) => one.includes(name)).length;
  const columns: [string, (row: RowSummary) => Replicates | undefined][] = [
    ['AUC, seen findings', (row) => row.seenFindings],
    ['AUC, unseen findings', (row) => row.unseenFindings],
    ...names.map((name): (typeof columns)[number] => [
      `AUC, ${name} (${countOf(name)})`,
      (row) => row.byFinding?.[name],
    ]),
  ];
  const shown = rows.filter(({ seeds }) => seeds.length > 0);
  if (shown.length === 0) return '';
  return [
    'By finding, with its number of test images: the anomalies that have it against all normal images.',
    table(
      ['known anomalies', 'detector', 'choice', ...columns.map(([name]) => name)],
      shown.map((row) => [
        anomaliesText(row.anomalies),
        row.detector,
        choiceText(row.choice),
        ...columns.map(([, of]) => spread(of(row))),
      ]),
    ),
  ].join('\n\n');
}
