import type { ReliabilityBin } from '../../metrics/reliability.js';
import { check, checkObjects } from '../../support/check.js';
import { type Drawing, figureWidth, openDrawing, toSvg } from '../drawing/drawing.js';
import { palette } from '../drawing/palette.js';

const marginLeft = 52;
const marginRight = 24;

/**
 * Draws a reliability diagram: the share of abnormal images against the probability they were given,
 * with intervals, over the diagonal of perfect calibration; below it how many images a bin holds.
 *
 * @param bins as `reliability` gives them.
 * @returns the source of an SVG; colours follow the text around it.
 * @throws INVALID_OPTION, EMPTY_SET, MISSING_PEER
 * @example
 * const svg = await figures.reliability(reliability(probabilities, labels).bins);
 */
export async function reliabilityFigure(bins: readonly ReliabilityBin[]): Promise<string> {
  checkObjects('figures.reliability', 'bins', bins, 'a bin of reliability', ['count', 'observed']);
  check(
    bins.length > 0,
    'EMPTY_SET',
    () => 'figures.reliability: bins is empty; expected at least one bin.',
  );
  const drawing = await openDrawing('figures.reliability');
  const images = bins.reduce((sum, { count }) => sum + count, 0);
  const text = {
    label: 'Reliability diagram',
    description: `Share of abnormal images against the probability given, in ${bins.length} bins of ${images} images.`,
  };
  return toSvg(drawing, text, [diagram(drawing, bins), counts(drawing, bins)]);
}

const share = { domain: [0, 1], ticks: 5, tickFormat: '.1f', labelArrow: 'none' } as const;

function diagram({ Plot, document }: Drawing, bins: readonly ReliabilityBin[]) {
  const observed = (key: 'estimate' | 'lower' | 'upper') => (bin: ReliabilityBin) =>
    bin.observed[key];
  return Plot.plot({
    document,
    width: figureWidth,
    height: figureWidth - marginLeft - marginRight + 24 + 12,
    marginTop: 24,
    marginBottom: 12,
    marginLeft,
    marginRight,
    grid: true,
    x: { ...share, axis: null },
    y: { ...share, label: 'share that is abnormal' },
    marks: [
      Plot.gridX({ ticks: 5 }),
      Plot.link([0], {
        x1: 0,
        y1: 0,
        x2: 1,
        y2: 1,
        stroke: palette.muted,
        strokeDasharray: '1 4',
      }),
      Plot.line(bins, {
        x: 'meanProbability',
        y: observed('estimate'),
        stroke: palette.accent,
        strokeOpacity: 0.5,
        strokeWidth: 1.25,
      }),
      Plot.link(bins, {
        x: 'meanProbability',
        y1: observed('lower'),
        y2: observed('upper'),
        stroke: palette.accent,
        strokeWidth: 2,
        ariaLabel: () => 'interval',
      }),
      Plot.dot(bins, { x: 'meanProbability', y: observed('estimate'), r: 4, fill: palette.accent }),
    ],
  });
}

function counts({ Plot, document }: Drawing, bins: readonly ReliabilityBin[]) {
  return Plot.plot({
    document,
    width: figureWidth,
    height: 136,
    marginTop: 28,
    marginBottom: 48,
    marginLeft,
    marginRight,
    x: { ...share, label: 'probability given', labelAnchor: 'center', labelOffset: 36 },
    y: { axis: null },
    marks: [
      Plot.text(['images'], {
        frameAnchor: 'top-left',
        dx: 3 - marginLeft,
        dy: -18,
        text: (line: string) => line,
        textAnchor: 'start',
      }),
      Plot.rect(bins, {
        x1: 'from',
        x2: 'to',
        y1: 0,
        y2: 'count',
        insetLeft: 0.5,
        insetRight: 0.5,
        fill: palette.muted,
        fillOpacity: 0.6,
      }),
      Plot.text(bins, {
        x: ({ from, to }: ReliabilityBin) => (from + to) / 2,
        y: 'count',
        text: ({ count }: ReliabilityBin) => String(count),
        dy: -7,
        fontSize: 11,
      }),
      Plot.ruleY([0], { strokeOpacity: 0.5 }),
    ],
  });
}
