import { check, checkObjects } from '../../support/check.js';
import { checkHasLists } from '../../support/check-kinds.js';
import { figureWidth, openDrawing, toSvg } from '../drawing/drawing.js';
import { type LegendEntry, type LineStyle, legend, type PointStyle } from '../drawing/legend.js';
import { palette } from '../drawing/palette.js';

const margins = { marginTop: 24, marginBottom: 52, marginLeft: 52, marginRight: 24 };
const symbols = ['circle', 'square', 'triangle', 'diamond', 'cross', 'star'] as const;
const dashes = [undefined, '6 3', '2 3'] as const;

/**
 * Draws areas under the ROC curve against the share of known anomalies in training, a line with error bars a
 * detector, like the paper's Figures 5 and 6.
 *
 * Points of one share are set a little apart, so that their bars do not cover one another. Bars end at 0 and 1.
 *
 * @param series in the order of the legend; the first is drawn on top.
 * @returns the source of an SVG; colours follow the text around it.
 * @throws INVALID_OPTION, EMPTY_SET, MISSING_PEER
 * @example
 * const points = [{ ratio: 0, mean: 0.948, spread: 0.02 }, { ratio: 0.05, mean: 0.973, spread: 0.006 }];
 * const svg = await figures.anomalyRatios([{ name: 'SALAD', points }]);
 */
export async function anomalyRatiosFigure(
  series: readonly {
    /** The detector. */
    readonly name: string;
    /** Its areas, in any order. */
    readonly points: readonly {
      /** Share of known anomalies in training, in [0, 1). */
      readonly ratio: number;
      /** Mean area under the ROC curve over the replicates, 0 to 1. */
      readonly mean: number;
      /** Half the length of the error bar, 1.96 standard deviations say; without it there is no bar. */
      readonly spread?: number;
    }[];
  }[],
): Promise<string> {
  checkObjects('figures.anomalyRatios', 'series', series, 'a curve of ratioSeries');
  for (const [i, one] of series.entries())
    checkHasLists('figures.anomalyRatios', `series[${i}]`, one, ['points']);
  check(
    series.some(({ points }) => points.length > 0),
    'EMPTY_SET',
    () => 'figures.anomalyRatios: series has no point; expected at least one.',
  );
  const drawing = await openDrawing('figures.anomalyRatios');
  const { Plot, document } = drawing;
  const all = series.flatMap(({ points }) => points);
  const ratios = [...new Set(all.map(({ ratio }) => ratio))].sort((a, b) => a - b);
  const range = ratios[ratios.length - 1] - ratios[0] || 0.05;
  const apart = Math.min(range / 80, (range / Math.max(1, ratios.length) / series.length) * 0.5);
  const drawn = series.map(({ name, points }, i) => ({
    name,
    ...styleOf(i),
    points: points
      .map(({ ratio, mean, spread = 0 }) => ({
        at: ratio + (i - (series.length - 1) / 2) * apart,
        mean,
        low: Math.max(0, mean - spread),
        high: Math.min(1, mean + spread),
      }))
      .sort((a, b) => a.at - b.at),
  }));
  const lowest = Math.min(...all.map(({ mean, spread = 0 }) => mean - spread));
  const plot = Plot.plot({
    document,
    width: figureWidth,
    height: 300,
    ...margins,
    grid: true,
    x: {
      domain: [ratios[0] - range / 12, ratios[ratios.length - 1] + range / 12],
      ticks: ratios,
      tickFormat: (ratio: number) => `${+(100 * ratio).toPrecision(3)}%`,
      label: 'known anomalies in training',
      labelAnchor: 'center',
      labelOffset: 36,
      labelArrow: 'none',
    },
    y: {
      domain: [Math.max(0, Math.floor(20 * lowest) / 20), 1],
      ticks: 6,
      tickFormat: '.2f',
      label: 'area under the ROC curve',
      labelArrow: 'none',
    },
    marks: [...drawn].reverse().flatMap(({ name, line, point, points }) => [
      Plot.line(points, { x: 'at', y: 'mean', ...line, ariaLabel: () => name }),
      Plot.link(
        points.filter(({ low, high }) => high > low),
        { x: 'at', y1: 'low', y2: 'high', stroke: line.stroke, strokeWidth: 1.25 },
      ),
      Plot.dot(points, { x: 'at', y: 'mean', ...point }),
    ]),
  });
  const entries: LegendEntry[] = drawn.map(({ name, line, point }) => ({
    name,
    style: line,
    point,
  }));
  const text = {
    label: 'Areas by the share of known anomalies',
    description: series
      .map(
        ({ name, points }) =>
          `${name}: ${points.map(({ ratio, mean }) => `${mean.toFixed(3)} at ${+(100 * ratio).toPrecision(3)}%`).join(', ')}`,
      )
      .join('; '),
  };
  return toSvg(drawing, text, [plot, legend(drawing, entries, margins.marginLeft)]);
}

/** Colour, shape and dashes together tell more detectors apart than there are colours. */
function styleOf(i: number): { readonly line: LineStyle; readonly point: PointStyle } {
  const colors = [...palette.series, palette.normal, palette.abnormal];
  const stroke = colors[i % colors.length];
  const strokeDasharray = dashes[Math.floor(i / colors.length) % dashes.length];
  return {
    line: {
      stroke,
      strokeWidth: i === 0 ? 2.5 : 1.5,
      ...(strokeDasharray !== undefined && { strokeDasharray }),
    },
    point: { fill: stroke, symbol: symbols[i % symbols.length], r: i === 0 ? 4 : 3 },
  };
}
