import { check } from '../../support/check.js';
import type { Estimate, SubgroupResult } from '../content/report-input.js';
import { openDrawing, toSvg } from '../drawing/drawing.js';
import { type IntervalRow, intervalRows } from '../drawing/interval-rows.js';

/**
 * Draws the area under the ROC curve of every subgroup with its interval, beside that of all images.
 *
 * @param subgroups as `subgroupResults` gives them, those of a trait together.
 * @param options `all`: the area of all images, drawn as the first row and as a line.
 * @returns the source of an SVG; colours follow the text around it.
 * @throws EMPTY_SET, MISSING_PEER
 * @example
 * const svg = await subgroupFigure(subgroupResults({ scores, labels, records }), { all: delongInterval(scores, labels) });
 */
export async function subgroupFigure(
  subgroups: readonly SubgroupResult[],
  options: { readonly all?: Estimate } = {},
): Promise<string> {
  check(
    subgroups.length > 0,
    'EMPTY_SET',
    () => 'subgroupFigure: subgroups is empty; expected at least one.',
  );
  const { all } = options;
  const drawing = await openDrawing('subgroupFigure');
  const rows: IntervalRow[] = all ? [{ name: 'all images', area: all, standard: true }] : [];
  subgroups.forEach(({ trait, value, normals, anomalies, areaUnderRoc }, i) => {
    if (trait !== subgroups[i - 1]?.trait) rows.push({ name: trait, heading: true });
    rows.push({ name: `${value} (${normals} + ${anomalies})`, area: areaUnderRoc });
  });
  const text = {
    label: 'Results by subgroup',
    description: `Area under the ROC curve in ${subgroups.length} subgroups, by ${[...new Set(subgroups.map(({ trait }) => trait))].join(', ')}.`,
  };
  return toSvg(drawing, text, [intervalRows(drawing, rows, all?.estimate)]);
}
