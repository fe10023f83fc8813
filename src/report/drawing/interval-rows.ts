import type { Estimate } from '../content/report-input.js';
import { type Drawing, figureWidth } from './drawing.js';
import { palette } from './palette.js';

const rowHeight = 24;
/** Of the names on the left: at least, and at most, in pixels. Longer names take two lines. */
const leastMargin = 148;
const mostMargin = figureWidth / 2;
/** Of a letter of 12 pixels, on the average, with room to spare. */
const letterWidth = 6.6;

/** A row: a name, and an area with its interval; without one, the reason. */
export interface IntervalRow {
  readonly name: string;
  readonly area?: Estimate;
  /** A heading over the rows that follow. */
  readonly heading?: boolean;
  /** What the others are compared with. */
  readonly standard?: boolean;
}

/** Areas under ROC curves as dots with intervals, a row each, beside chance and a line to compare with. */
export function intervalRows(
  { Plot, document }: Drawing,
  rows: readonly IntervalRow[],
  reference?: number,
) {
  const keyed = rows.map((row, key) => ({ ...row, key }));
  const measured = keyed.flatMap(({ area, ...row }) =>
    area && Number.isFinite(area.estimate) ? [{ ...row, ...area }] : [],
  );
  const unmeasured = keyed.filter(
    ({ area, heading }) => !heading && !Number.isFinite(area?.estimate),
  );
  const lowest = Math.min(
    0.45,
    ...measured.map(({ estimate, lower = estimate }) => Math.floor(20 * lower) / 20),
  );
  const longest = Math.max(...rows.map(({ name }) => name.length));
  const marginLeft = Math.min(mostMargin, Math.max(leastMargin, 20 + letterWidth * longest));
  // In letter heights.
  const lineWidth = (marginLeft - 14) / 12;
  const colorOf = ({ standard }: IntervalRow) => (standard ? palette.series[0] : palette.series[1]);
  return Plot.plot({
    document,
    width: figureWidth,
    height: rowHeight * rows.length + 12 + 52,
    marginTop: 12,
    marginBottom: 52,
    marginLeft,
    marginRight: 48,
    x: {
      domain: [lowest, 1],
      ticks: 5,
      tickFormat: '.1f',
      grid: true,
      label: 'area under the ROC curve',
      labelAnchor: 'center',
      labelOffset: 36,
      labelArrow: 'none',
    },
    y: { domain: [-0.5, rows.length - 0.5], range: [12, 12 + rowHeight * rows.length], axis: null },
    marks: [
      Plot.ruleX([0.5], { stroke: palette.muted, strokeDasharray: '1 4' }),
      reference === undefined
        ? null
        : Plot.ruleX([reference], { stroke: palette.series[0], strokeDasharray: '5 3' }),
      names(
        Plot,
        keyed.filter(({ heading }) => heading),
        { fontWeight: 600, lineWidth },
      ),
      names(
        Plot,
        keyed.filter(({ heading }) => !heading),
        { fontWeight: 400, lineWidth },
      ),
      Plot.link(
        measured.filter(({ lower, upper }) => lower !== undefined && upper !== undefined),
        { x1: 'lower', x2: 'upper', y: 'key', stroke: colorOf, strokeWidth: 2 },
      ),
      Plot.dot(measured, { x: 'estimate', y: 'key', r: 4, fill: colorOf }),
      Plot.text(measured, {
        frameAnchor: 'right',
        y: 'key',
        text: ({ estimate }: { estimate: number }) => estimate.toFixed(3),
        textAnchor: 'start',
        dx: 10,
      }),
      Plot.text(unmeasured, {
        frameAnchor: 'left',
        y: 'key',
        text: () => 'too few images of a class',
        textAnchor: 'start',
        dx: 6,
        fill: palette.muted,
      }),
    ],
  });
}

/** Left of the rows. */
function names(
  Plot: Drawing['Plot'],
  rows: readonly { key: number; name: string }[],
  style: { readonly fontWeight: number; readonly lineWidth: number },
) {
  return Plot.text(rows, {
    frameAnchor: 'left',
    y: 'key',
    text: 'name',
    textAnchor: 'end',
    dx: -10,
    ...style,
  });
}
