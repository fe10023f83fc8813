import { formatEstimate, formatNumber } from '../content/format.js';
import type {
  Estimate,
  OperatingPoint,
  ReportInput,
  ResultRow,
  SubgroupResult,
} from '../content/report-input.js';
import { html, type Markup } from './markup.js';
import { numbers } from './numbers-table.js';

/** Facts of the run, one a row. */
export function factsTable(facts: NonNullable<ReportInput['facts']>): Markup {
  return html`<table class="facts"><tbody>${facts.map(
    ({ name, value, code }) => html`
<tr><th scope="row">${name}</th><td>${code ? html`<code>${value}</code>` : value}</td></tr>`,
  )}</tbody></table>`;
}

/** One scorer a row: areas with their intervals; a column that no row fills is left out. */
export function resultsTable(rows: readonly ResultRow[], note?: string): Markup {
  const precision = rows.some((row) => row.averagePrecision !== undefined);
  const distinct = rows.some((row) => row.distinctScores !== undefined);
  const brightness = rows.some((row) => row.withinBrightness !== undefined);
  const texture = rows.some((row) => row.withinTexture !== undefined);
  const area = (estimate: Estimate | undefined) => (estimate ? formatEstimate(estimate) : '–');
  return numbers(
    'Results by scorer',
    note,
    [
      'scorer',
      'AUC',
      precision && 'AUPRC',
      brightness && 'AUC within quarters of brightness',
      texture && 'AUC within quarters of texture',
      distinct && 'distinct scores',
    ],
    rows.map((row) => [
      row.name,
      formatEstimate(row.areaUnderRoc),
      precision && formatEstimate(row.averagePrecision),
      brightness && area(row.withinBrightness),
      texture && area(row.withinTexture),
      distinct && (row.distinctScores ?? '–'),
    ]),
  );
}

/** Counts of the two classes on either side of the threshold, and the rates they give. */
export function confusionTable(
  counts: NonNullable<ReportInput['confusion']>,
  promise?: string,
): Markup {
  const { threshold, truePositives, falsePositives, trueNegatives, falseNegatives } = counts;
  const rate = (estimate: number, name: string) =>
    html`${formatEstimate({ estimate })} <small>${name}</small>`;
  return numbers(
    'Counts at the threshold',
    `Flagged: a score of ${formatNumber(threshold)} or above${promise ? `; ${promise}` : ''}`,
    ['truth', 'not flagged', 'flagged', 'share classified correctly'],
    [
      ['normal', trueNegatives, falsePositives, rate(counts.specificity, 'specificity')],
      ['abnormal', falseNegatives, truePositives, rate(counts.sensitivity, 'sensitivity')],
    ],
  );
}

/** One threshold a row, with what it does to either class. */
export function operatingPointsTable(points: readonly OperatingPoint[], note?: string): Markup {
  const precision = points.some((point) => point.precision !== undefined);
  return numbers(
    'Thresholds',
    note,
    ['found by', 'threshold', 'sensitivity', 'specificity', precision && 'precision'],
    points.map((point) => [
      point.name,
      formatNumber(point.threshold),
      formatEstimate(point.sensitivity),
      formatEstimate(point.specificity),
      precision && formatEstimate(point.precision),
    ]),
  );
}

/** What calibration is worth in numbers, each with what it would be at best or without knowledge. */
export function calibrationTable(result: NonNullable<ReportInput['calibration']>): Markup {
  const { brier, expectedCalibrationError, note } = result;
  const three = (estimate: number) => formatEstimate({ estimate });
  return numbers('Calibration in numbers', note, undefined, [
    [
      explained(
        'Brier score',
        `0 is perfect; the prevalence as the probability of every image scores ${three(brier.uncertainty)}`,
      ),
      three(brier.score),
    ],
    [
      explained('of it miscalibration', 'what the best recalibration would take off'),
      three(brier.miscalibration),
    ],
    [
      explained(
        'expected calibration error',
        'mean distance of the points from the diagonal, by images',
      ),
      three(expectedCalibrationError),
    ],
  ]);
}

/** One subgroup a row; a column that no row fills is left out. */
export function subgroupsTable(rows: readonly SubgroupResult[]): Markup {
  const rates = rows.some((row) => row.sensitivity !== undefined || row.specificity !== undefined);
  return numbers(
    'Results by subgroup',
    undefined,
    ['subgroup', 'normal', 'abnormal', 'AUC', rates && 'sensitivity', rates && 'specificity'],
    rows.map((row) => [
      `${row.attribute} ${row.value}`,
      row.normalCount,
      row.anomalyCount,
      formatEstimate(row.areaUnderRoc),
      rates && formatEstimate(row.sensitivity),
      rates && formatEstimate(row.specificity),
    ]),
  );
}

/** Images that were not trained on or scored, and why. */
export function leftOutTable(rows: NonNullable<ReportInput['leftOut']>): Markup {
  return numbers(
    'Images left out',
    undefined,
    ['left out', 'images'],
    rows.map(({ what, images, why }) => [explained(what, why), images]),
  );
}

/** Images listed by name under their table; more are only counted. */
const mostListed = 50;

/** Unreadable images by code, and the first of them by name. */
export function problemsTable(images: NonNullable<ReportInput['problems']>): Markup {
  const more = images.length - mostListed;
  const counts = new Map<string, number>();
  for (const { code } of images) counts.set(code, (counts.get(code) ?? 0) + 1);
  return html`${numbers(
    'Images that could not be read',
    undefined,
    ['could not be read', 'images'],
    [...counts].map(([code, count]) => [html`<code>${code}</code>`, count]),
  )}
<details><summary>Which images</summary><ul>${images.slice(0, mostListed).map(
    ({ id, message }) => html`
<li><strong>${id}</strong> ${message}</li>`,
  )}${more > 0 ? html`<li>and ${more} more</li>` : undefined}</ul></details>`;
}

function explained(name: string, explanation: string): Markup {
  return html`${name}<small class="why">${explanation}</small>`;
}
