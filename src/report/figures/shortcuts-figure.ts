import type { Shortcut } from '../../splits/shortcut.js';
import { check, checkKnownOptions, checkObjects } from '../../support/check.js';
import { inWords } from '../../support/in-words.js';
import type { ResultRow } from '../content/report-input.js';
import { openDrawing, toSvg } from '../drawing/drawing.js';
import { type IntervalRow, intervalRows } from '../drawing/interval-rows.js';

/**
 * Draws how well the view, the age or the brightness of an image alone predicts its label, beside a detector: one
 * that is no better may have seen no more.
 *
 * @param shortcuts as a part of `splitSummary` has them.
 * @returns the source of an SVG; colours follow the text around it.
 * @throws INVALID_OPTION, UNKNOWN_OPTION, EMPTY_SET, MISSING_PEER
 * @see Geirhos et al., Shortcut learning in deep neural networks, Nature Machine Intelligence 2020.
 * @example
 * const { shortcuts } = splitSummary({ test: records })[0];
 * const svg = await figures.shortcuts(shortcuts, { result: { name: 'SALAD', areaUnderRoc } });
 */
export async function shortcutsFigure(
  shortcuts: readonly Shortcut[],
  options: {
    /** The detector, drawn as the first row and as a line; without it there is neither. */
    readonly result?: ResultRow;
  } = {},
): Promise<string> {
  checkKnownOptions('figures.shortcuts', options, { result: true });
  checkObjects('figures.shortcuts', 'shortcuts', shortcuts, 'a shortcut of splitSummary', [
    'attribute',
    'abnormal',
    'area',
  ]);
  check(
    shortcuts.length > 0,
    'EMPTY_SET',
    () => 'figures.shortcuts: shortcuts is empty; expected at least one.',
  );
  const { result } = options;
  const drawing = await openDrawing('figures.shortcuts');
  const rows: IntervalRow[] = [
    ...(result ? [{ name: result.name, area: result.areaUnderRoc, standard: true }] : []),
    ...shortcuts.map(({ attribute, abnormal, area }) => ({
      name: `${inWords(attribute)}: ${abnormal}`,
      area,
    })),
  ];
  const text = {
    label: 'Shortcuts',
    description: shortcuts
      .map(({ attribute, area }) => `${inWords(attribute)} alone: ${area.estimate.toFixed(3)}`)
      .join(', '),
  };
  return toSvg(drawing, text, [intervalRows(drawing, rows, result?.areaUnderRoc.estimate)]);
}
