import { nearShortcuts, shortcutText } from '../splits/near-shortcuts.js';
import type { DataFacts } from './data-facts.js';
import { anomaliesText, choiceText, spread, table } from './markdown.js';
import type { RowSummary } from './summarize.js';

/** What stands beside an area: where it comes from, and what it took. */
export function besideTable(rows: readonly RowSummary[], { test }: DataFacts): string {
  const views = [...new Set(rows.flatMap(({ byView = {} }) => Object.keys(byView)))];
  return table(
    [
      'known anomalies',
      'detector',
      'choice',
      'validation AUC',
      'AUC within texture quarters',
      'AUC within brightness quarters',
      'AUC within views',
      ...views.map((view) => `AUC, ${view}`),
      'one attribute less than .05 below, or above',
      'distinct scores',
      'settings x checkpoints',
      'seconds a run',
      'peak MiB',
      'remarks',
    ],
    rows
      .filter(({ seeds }) => seeds.length > 0)
      .map((row) => [
        anomaliesText(row.anomalies),
        row.detector,
        choiceText(row.choice),
        spread(row.validationAuc),
        spread(row.withinTexture),
        spread(row.withinBrightness),
        spread(row.withinViews),
        ...views.map((view) => spread(row.byView?.[view])),
        nearShortcuts(row.areaUnderRoc?.mean ?? 1, test.shortcuts)
          .map(shortcutText)
          .join(', '),
        String(row.distinctScores),
        row.choice === 'validationChosen' ? `${row.settings} x ${row.checkpoints}` : '1 x 1',
        row.seconds?.mean.toFixed(1) ?? '',
        ((row.peakMemory ?? 0) / 2 ** 20).toFixed(0),
        [
          ...(row.scoreMethod !== 'score' && row.choice === 'validationChosen'
            ? ["model chosen by the detector's own score"]
            : []),
          ...(row.overBudget > 0 ? [`${row.overBudget} ended by the budget`] : []),
          ...(row.afterEvaluation ? ['planned after an evaluation on the test set'] : []),
        ].join(', '),
      ]),
  );
}

export function failedRuns(rows: readonly RowSummary[]): string {
  const lines = rows.flatMap(({ failed, anomalies, detector, choice }) =>
    failed.map(
      ({ seed, code }) =>
        `- ${detector}, ${choiceText(choice)}, known anomalies: ${anomaliesText(anomalies)}, seed ${seed}: ${code}`,
    ),
  );
  return lines.length > 0 ? ['Failed:', ...new Set(lines)].join('\n') : '';
}
