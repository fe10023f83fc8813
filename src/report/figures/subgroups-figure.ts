import { check, checkKnownOptions, checkObjects } from '../../support/check.js';
import type { Estimate, SubgroupResult } from '../content/report-input.js';
import { openDrawing, toSvg } from '../drawing/drawing.js';
import { type IntervalRow, intervalRows } from '../drawing/interval-rows.js';

/**
 * Draws the area under the ROC curve of every subgroup with its interval, beside that of all images.
 *
 * @param subgroups as `subgroupResults` gives them, those of an attribute together.
 * @returns the source of an SVG; colours follow the text around it.
 * @throws INVALID_OPTION, UNKNOWN_OPTION, EMPTY_SET, MISSING_PEER
 * @example
 * const svg = await figures.subgroups(subgroupResults({ scores, labels, records }), { all: delongInterval(scores, labels) });
 */
export async function subgroupsFigure(
  subgroups: readonly SubgroupResult[],
  options: {
    /** The area of all images, drawn as the first row and as a line; without it there is neither. */
    readonly all?: Estimate;
  } = {},
): Promise<string> {
  checkKnownOptions('figures.subgroups', options, { all: true });
  checkObjects('figures.subgroups', 'subgroups', subgroups, 'a subgroup of subgroupResults', [
    'attribute',
    'value',
  ]);
  check(
    subgroups.length > 0,
    'EMPTY_SET',
    () => 'figures.subgroups: subgroups is empty; expected at least one.',
  );
  const { all } = options;
  const drawing = await openDrawing('figures.subgroups');
  const rows: IntervalRow[] = all ? [{ name: 'all images', area: all, standard: true }] : [];
  subgroups.forEach(({ attribute, value, normalCount, anomalyCount, areaUnderRoc }, i) => {
    if (attribute !== subgroups[i - 1]?.attribute) rows.push({ name: attribute, heading: true });
    rows.push({ name: `${value} (${normalCount} + ${anomalyCount})`, area: areaUnderRoc });
  });
  const text = {
    label: 'Results by subgroup',
    description: `Area under the ROC curve in ${subgroups.length} subgroups, by ${[...new Set(subgroups.map(({ attribute }) => attribute))].join(', ')}.`,
  };
  return toSvg(drawing, text, [intervalRows(drawing, rows, all?.estimate)]);
}
