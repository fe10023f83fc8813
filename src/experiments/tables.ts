import { checkKnownOptions } from '../support/check.js';
import { compareWith, type PairedComparison, type PairedDifference } from './compare.js';
import type { DataFacts } from './data-facts.js';
import { canonicalJson } from './identity.js';
import { anomaliesText, signed, signedInterval, spread, table } from './markdown.js';
import type { Replicates } from './mean-interval.js';
import type { ExperimentResults } from './run-experiment.js';
import { type RowSummary, summarize } from './summarize.js';

/**
 * The tables of an experiment in Markdown: areas in both columns of choice, then what stands beside them,
 * findings, paired comparisons and what failed, a section for each data set.
 *
 * +- is 1.96 standard deviations over the seeds.
 *
 * @param options `reference`: the detector that the others are compared with; none unless told
 * @throws INVALID_OPTION where no detector has that name
 * @example
 * await writeFile('tables.md', experimentTables(results, { reference: 'SALAD' }));
 */
export function experimentTables(
  results: ExperimentResults,
  options: { readonly reference?: string; readonly replicates?: number } = {},
): string {
  checkKnownOptions('experimentTables', options, ['reference', 'replicates']);
  const { reference, replicates } = options;
  const summaries = summarize(results);
  const pairs = reference === undefined ? [] : compareWith(results, { reference, replicates });
  return Object.entries(results.data)
    .flatMap(([name, facts]) => {
      const rows = summaries.filter(({ dataSet }) => dataSet === name);
      const own = pairs.filter(({ dataSet }) => dataSet === name);
      return [
        `## ${name}`,
        describe(facts),
        giveAways(facts),
        areas(rows, facts),
        beside(rows),
        kinds(rows, facts),
        paired(own),
        failures(rows),
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
    ({ trait, abnormal, area: { estimate, lower, upper } }) =>
      `${trait} (${abnormal}) ${estimate.toFixed(3)} [${lower.toFixed(3)}, ${upper.toFixed(3)}]`,
  );
  return `What one trait alone gives away, AUC with DeLong's 95% interval: ${found.join('; ')}.`;
}

/** Like the paper's Table 1. */
function areas(rows: readonly RowSummary[], { test }: DataFacts): string {
  const groups = new Map<string, RowSummary[]>();
  for (const row of rows) {
    const key = canonicalJson([row.anomalies, row.detector]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
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
    [...groups.values()].map((group) => {
      const [free, chosen] = ['label-free', 'validation-chosen'].map((choice) =>
        group.find((row) => row.choice === choice),
      );
      return [
        anomaliesText(group[0].anomalies),
        group[0].detector,
        area(free),
        spread(free?.averagePrecision),
        area(chosen),
        spread(chosen?.averagePrecision),
        String(Math.max(...group.map(({ seeds }) => seeds.length))),
      ];
    }),
  );
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

function beside(rows: readonly RowSummary[]): string {
  const views = [...new Set(rows.flatMap(({ byView = {} }) => Object.keys(byView)))];
  return table(
    [
      'known anomalies',
      'detector',
      'choice',
      'validation AUC',
      'AUC within texture quarters',
      'AUC within views',
      ...views.map((view) => `AUC, ${view}`),
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
        row.choice,
        spread(row.validationAuc),
        spread(row.withinTexture),
        spread(row.withinViews),
        ...views.map((view) => spread(row.byView?.[view])),
        String(row.distinctScores),
        row.choice === 'validation-chosen' ? `${row.settings} x ${row.checkpoints}` : '1 x 1',
        row.seconds?.mean.toFixed(1) ?? '',
        ((row.peakMemory ?? 0) / 2 ** 20).toFixed(0),
        [
          ...(row.overBudget > 0 ? [`${row.overBudget} ended by the budget`] : []),
          ...(row.testedBefore > 0
            ? [`${row.testedBefore} tested before under other settings`]
            : []),
        ].join(', '),
      ]),
  );
}

function kinds(rows: readonly RowSummary[], { test }: DataFacts): string {
  const names = [...new Set(rows.flatMap(({ byKind = {} }) => Object.keys(byKind)))];
  if (names.length === 0) return '';
  const countOf = (name: string) => test.kinds?.filter((one) => one.includes(name)).length;
  const columns: [string, (row: RowSummary) => Replicates | undefined][] = [
    ['AUC, seen kinds', (row) => row.seenKinds],
    ['AUC, unseen kinds', (row) => row.unseenKinds],
    ...names.map((name): (typeof columns)[number] => [
      `AUC, ${name} (${countOf(name)})`,
      (row) => row.byKind?.[name],
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
        row.choice,
        ...columns.map(([, of]) => spread(of(row))),
      ]),
    ),
  ].join('\n\n');
}

function paired(pairs: readonly PairedComparison[]): string {
  if (pairs.length === 0) return '';
  return [
    `AUC of ${pairs[0].reference} minus that of each other detector, by paired seeds. Over seeds: Student's t, 95%. Over images: bootstrap of the mean difference by patients where they are known, 95%. Better, worse, tied (holds 0 and is no wider than +-.02) and undecided go by the interval over seeds.`,
    table(
      [
        'known anomalies',
        'against',
        'choice',
        'difference',
        'over seeds',
        'over images',
        'verdict',
        'within texture quarters, over seeds',
        'over images',
        'within views, over seeds',
        'over images',
      ],
      pairs.map((pair) => [
        anomaliesText(pair.anomalies),
        pair.detector,
        pair.choice,
        signed(pair.difference),
        signedInterval(pair.overSeeds),
        signedInterval(pair.overImages),
        pair.verdict,
        ...gainWithin(pair.withinTexture),
        ...gainWithin(pair.withinViews),
      ]),
    ),
  ].join('\n\n');
}

function gainWithin(gain: PairedDifference | undefined): string[] {
  if (!gain) return ['', ''];
  const { difference, overSeeds, overImages } = gain;
  return [
    [signed(difference), signedInterval(overSeeds)].filter(Boolean).join(' '),
    signedInterval(overImages),
  ];
}

function failures(rows: readonly RowSummary[]): string {
  const lines = rows.flatMap(({ failed, anomalies, detector, choice }) =>
    failed.map(
      ({ seed, code }) =>
        `- ${detector}, ${choice}, known anomalies: ${anomaliesText(anomalies)}, seed ${seed}: ${code}`,
    ),
  );
  return lines.length > 0 ? ['Failed:', ...new Set(lines)].join('\n') : '';
}
