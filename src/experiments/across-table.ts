import type { Interval } from '../metrics/interval.js';
import { checkObjects } from '../support/check.js';
import type { AcrossCell } from './across-cell.js';
import { anomaliesText, table } from './markdown.js';

/** What of a cell the table cannot do without. */
const MEMBERS = ['trainedOn', 'judgedOn', 'detector', 'anomalies', 'recalibrated'];

/**
 * Writes what `acrossDataSets` found as a table in Markdown, what is missing and why below it.
 *
 * Area under the ROC curve and rates as `mean [lower, upper]`; of a threshold the false alarms, then / what of the abnormal images is caught.
 *
 * @param cells what `acrossDataSets` returned, of one call or several
 * @returns Markdown; empty without cells
 * @throws INVALID_OPTION
 * @example
 * await writeFile('another-hospital.md', acrossTable(cells));
 */
export function acrossTable(cells: readonly AcrossCell[]): string {
  checkObjects('acrossTable', 'cells', cells, 'what acrossDataSets returned', MEMBERS);
  if (cells.length === 0) return '';
  const counts = [
    ...new Set(cells.flatMap(({ recalibrated }) => recalibrated.map(({ normals }) => normals))),
  ].sort((a, b) => a - b);
  const head = [
    'learnt from',
    'judged (normal + abnormal)',
    'detector',
    'known anomalies',
    'AUC',
    'false alarms / caught, threshold from home',
    ...counts.map((count) => `threshold of ${count} local normals`),
    ...counts.map((count) => `bank and threshold of ${count}: AUC, false alarms / caught`),
  ];
  const shares = new Set(cells.map(({ anomalies }) => anomaliesText(anomalies)));
  const rows = cells.map((cell) => [
    cell.trainedOn,
    `${cell.judgedOn} (${cell.normal} + ${cell.abnormal})`,
    cell.detector,
    shares.size > 1 ? anomaliesText(cell.anomalies) : '',
    cell.area ? intervalText(cell.area, 3) : '-',
    rates(cell),
    ...counts.map((count) => rates(cell.recalibrated.find(({ normals }) => normals === count))),
    ...counts.map((count) => extendedText(cell, count)),
  ]);
  const gaps = gapsOf(cells);
  const told = gaps.length > 0 ? ['', 'Missing:', '', ...gaps] : [];
  return [
    'Research software: no threshold holds at a hospital until normal films from there have shown it. AUC and the threshold from home: mean over seeds, 95% interval over images. Local normals: mean over draws and seeds, and what holds 95% of the draws. Bank and threshold: the bank is extended by these normals, and each is scored without its own row for the threshold.',
    '',
    table(head, rows),
    ...told,
  ].join('\n');
}

function rates(found: Pick<AcrossCell, 'falseAlarms' | 'sensitivity'> | undefined): string {
  if (!found?.falseAlarms) return '-';
  const { falseAlarms, sensitivity } = found;
  const caught = sensitivity ? ` / ${percent(sensitivity.estimate)}%` : '';
  const { estimate, lower, upper } = falseAlarms;
  return `${percent(estimate)}% [${percent(lower)}, ${percent(upper)}]${caught}`;
}

function extendedText({ extended }: AcrossCell, count: number): string {
  const found = extended?.find(({ normals }) => normals === count);
  if (!found) return '';
  return `${found.area ? `${intervalText(found.area, 3)}, ` : ''}${rates(found)}`;
}

/** A line for each reason, with the places that it holds for. */
function gapsOf(cells: readonly AcrossCell[]): readonly string[] {
  const detectors = new Set(cells.map(({ detector }) => detector)).size;
  const byReason = new Map<string, Map<string, Set<string>>>();
  for (const cell of cells)
    for (const reason of reasonsOf(cell)) {
      const places = byReason.get(reason) ?? new Map<string, Set<string>>();
      const place = `${cell.trainedOn} to ${cell.judgedOn}`;
      byReason.set(reason, places.set(place, (places.get(place) ?? new Set()).add(cell.detector)));
    }
  return Array.from(byReason, ([reason, places]) => {
    const named = Array.from(places, ([place, own]) =>
      own.size === detectors ? place : `${place} (${[...own].join(', ')})`,
    );
    return `- ${reason}: ${named.join('; ')}`;
  });
}

function reasonsOf({ missing, recalibrated }: AcrossCell): readonly string[] {
  const gaps = recalibrated.filter((one) => one.missing);
  const local = new Set(gaps.map((one) => one.missing));
  return [
    ...(missing ? [missing] : []),
    ...Array.from(local, (reason) => {
      const counts = gaps.filter((one) => one.missing === reason).map(({ normals }) => normals);
      return `a threshold of ${counts.join(', ')} local normals, since ${reason}`;
    }),
  ];
}

const percent = (share: number) => (100 * share).toFixed(1);

function intervalText({ estimate, lower, upper }: Interval, digits: number): string {
  return `${estimate.toFixed(digits)} [${lower.toFixed(digits)}, ${upper.toFixed(digits)}]`;
}
