import type { DecisionCurve } from '../../metrics/decision-curve.js';
import { check } from '../../support/check.js';
import { checkHasLists } from '../../support/check-kinds.js';
import { figureWidth, openDrawing, toSvg } from '../drawing/drawing.js';
import { type LineStyle, legend } from '../drawing/legend.js';
import { palette } from '../drawing/palette.js';

const marginLeft = 52;

const strategies = [
  { key: 'model', name: 'flag by probability', stroke: palette.accent, strokeWidth: 2.25 },
  { key: 'treatAll', name: 'flag every image', stroke: palette.muted, strokeWidth: 1.5 },
  {
    key: 'treatNone',
    name: 'flag none',
    stroke: palette.muted,
    strokeWidth: 1.5,
    strokeDasharray: '5 3',
  },
] as const;

/**
 * Draws a decision curve: the net benefit of flagging by probability, of flagging every image and of
 * flagging none. Acting on the detector pays where its line is the highest.
 *
 * Losses are cut off where they pass a fifth of the largest benefit, so that benefits can be read.
 *
 * @param curve as `decisionCurve` gives it.
 * @returns the source of an SVG; colours follow the text around it.
 * @throws INVALID_OPTION, EMPTY_SET, MISSING_PEER
 * @example
 * const svg = await figures.decisionCurve(decisionCurve(probabilities, labels));
 */
export async function decisionCurveFigure(curve: DecisionCurve): Promise<string> {
  checkHasLists('figures.decisionCurve', 'curve', curve, ['thresholds']);
  check(
    curve.thresholds.length > 0,
    'EMPTY_SET',
    () => 'figures.decisionCurve: thresholds is empty; expected at least one.',
  );
  const drawing = await openDrawing('figures.decisionCurve');
  const { Plot, document } = drawing;
  const top = Math.max(...Array.from(curve.model), ...Array.from(curve.treatAll), 0.01);
  const bottom = -top / 5;
  const thresholds = Array.from(curve.thresholds);
  const plot = Plot.plot({
    document,
    width: figureWidth,
    height: 320,
    marginTop: 32,
    marginBottom: 52,
    marginLeft,
    marginRight: 24,
    grid: true,
    x: {
      domain: [0, 1],
      ticks: 5,
      tickFormat: '.1f',
      label: 'threshold probability',
      labelAnchor: 'center',
      labelOffset: 36,
      labelArrow: 'none',
    },
    y: {
      domain: [bottom, top],
      ticks: 5,
      label: 'net benefit (true positives per image)',
      labelArrow: 'none',
    },
    marks: strategies.map(({ key, name, ...style }) =>
      Plot.line(thresholds, {
        x: (threshold: number) => threshold,
        y: Array.from(curve[key], (benefit) => (benefit < bottom ? Number.NaN : benefit)),
        ...style,
        ariaLabel: () => name,
      }),
    ),
  });
  const entries = strategies.map(({ key: _, name, ...style }) => ({
    name,
    style: style as LineStyle,
  }));
  const text = {
    label: 'Decision curve',
    description: `Net benefit by threshold probability of ${strategies.map(({ name }) => name).join(', ')}.`,
  };
  return toSvg(drawing, text, [plot, legend(drawing, entries, marginLeft)]);
}
