import type { Shortcut } from '../../splits/shortcut.js';
import { check } from '../../support/check.js';
import { inWords } from '../../support/in-words.js';
import type { ResultRow } from '../content/report-input.js';
import { openDrawing, toSvg } from '../drawing/drawing.js';
import { type IntervalRow, intervalRows } from '../drawing/interval-rows.js';

/**
 * Draws how well the view, the age or the brightness of an image alone tells the classes apart,
 * beside a detector: one that is no better may have seen no more.
 *
 * @param giveAways as a part of `splitSummary` has them.
 * @param options `result`: the detector, drawn as the first row and as a line.
 * @returns the source of an SVG; colours follow the text around it.
 * @throws EMPTY_SET, MISSING_PEER
 * @example
 * const { shortcuts } = splitSummary({ test: records })[0];
 * const svg = await giveAwayFigure(shortcuts, { result: { name: 'SALAD', areaUnderRoc } });
 */
export async function giveAwayFigure(
  giveAways: readonly Shortcut[],
  options: { readonly result?: ResultRow } = {},
): Promise<string> {
  check(
    giveAways.length > 0,
    'EMPTY_SET',
    () => 'giveAwayFigure: giveAways is empty; expected at least one.',
  );
  const { result } = options;
  const drawing = await openDrawing('giveAwayFigure');
  const rows: IntervalRow[] = [
    ...(result ? [{ name: result.name, area: result.areaUnderRoc, standard: true }] : []),
    ...giveAways.map(({ attribute, abnormal, area }) => ({
      name: `${inWords(attribute)}: ${abnormal}`,
      area,
    })),
  ];
  const text = {
    label: 'What could give the label away',
    description: giveAways
      .map(({ attribute, area }) => `${inWords(attribute)} alone: ${area.estimate.toFixed(3)}`)
      .join(', '),
  };
  return toSvg(drawing, text, [intervalRows(drawing, rows, result?.areaUnderRoc.estimate)]);
}
