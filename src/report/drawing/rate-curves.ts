import type { CurveBand } from '../../metrics/bands.js';
import { type Drawing, figureWidth, toSvg } from './drawing.js';
import { type LegendEntry, type LineStyle, legend } from './legend.js';
import { palette } from './palette.js';

const marginLeft = 52;
const marginRight = 24;
const marginTop = 24;
const marginBottom = 56;

/** A curve whose points lie in [0, 1] both ways. */
export interface RateCurve {
  readonly name: string;
  readonly xs: ArrayLike<number>;
  readonly ys: ArrayLike<number>;
  readonly baseline?: boolean;
  readonly band?: CurveBand;
}

interface RatePlot {
  readonly curves: readonly RateCurve[];
  /** Straight lines for a curve of points, 'stepBefore' for one that holds its height from the left. */
  readonly shape: 'linear' | 'stepBefore';
  /** What a detector that knows nothing does, from x = 0 to x = 1. */
  readonly chance?: { readonly name: string; readonly from: number; readonly to: number };
  /** The threshold in use. */
  readonly point?: { readonly x: number; readonly y: number };
  readonly xLabel: string;
  readonly yLabel: string;
  readonly text: { readonly label: string; readonly description: string };
}

/** Curves over their bands on equal scales from 0 to 1, and the legend below. */
export function rateCurves(drawing: Drawing, plot: RatePlot): string {
  const { Plot, document } = drawing;
  const { curves, shape, chance, point, xLabel, yLabel, text } = plot;
  const styles = lineStyles(curves);
  const rate = { domain: [0, 1], ticks: 5, tickFormat: '.1f', labelArrow: 'none' } as const;
  const panel = Plot.plot({
    document,
    width: figureWidth,
    height: figureWidth - marginLeft - marginRight + marginTop + marginBottom,
    marginTop,
    marginBottom,
    marginLeft,
    marginRight,
    grid: true,
    x: { ...rate, label: xLabel, labelAnchor: 'center', labelOffset: 36 },
    y: { ...rate, label: yLabel },
    marks: [
      ...curves.flatMap(({ band, name }, i) =>
        band
          ? Plot.areaY(Array.from(band.places), {
              x: (place: number) => place,
              y1: Array.from(band.lower),
              y2: Array.from(band.upper),
              curve: shape === 'stepBefore' ? 'step-before' : shape,
              ...bandStyle(styles[i]),
              ariaLabel: () => `${name}, interval`,
            })
          : [],
      ),
      chance && Plot.link([0], { x1: 0, y1: chance.from, x2: 1, y2: chance.to, ...chanceStyle }),
      // Baselines first, so that they do not cover what is compared with them.
      ...[true, false].flatMap((baselines) =>
        curves.flatMap(({ name, xs, ys, baseline = false }, i) =>
          baseline === baselines
            ? Plot.line(Array.from(xs), {
                x: (value: number) => value,
                y: Array.from(ys),
                curve: shape === 'stepBefore' ? 'step-before' : shape,
                ...styles[i],
                ariaLabel: () => name,
              })
            : [],
        ),
      ),
      point && Plot.dot([point], { x: 'x', y: 'y', r: 4.5, fill: styles[0].stroke }),
    ],
  });
  const entries: LegendEntry[] = curves.map(({ name }, i) => ({ name, style: styles[i] }));
  const banded = curves.findIndex(({ band }) => band);
  if (banded >= 0)
    entries.push({ name: 'interval at each place', area: bandStyle(styles[banded]) });
  if (point) entries.push({ name: 'threshold in use', point: { r: 4.5, fill: styles[0].stroke } });
  if (chance) entries.push({ name: chance.name, style: chanceStyle });
  return toSvg(drawing, text, [panel, legend(drawing, entries, marginLeft)]);
}

const chanceStyle: LineStyle = { stroke: palette.muted, strokeWidth: 1, strokeDasharray: '1 4' };

const bandStyle = ({ stroke }: LineStyle) => ({ fill: stroke, fillOpacity: 0.16 });

/** Full lines in their own colours for what is compared; thin dashes in grey for the baselines. */
function lineStyles(curves: readonly RateCurve[]): LineStyle[] {
  const dashes = [undefined, '6 3', '2 2', '8 3 2 3', '12 4', '3 1', '8 2 2 2 2 2', '14 3 4 3'];
  let baselines = 0;
  let others = 0;
  return curves.map(({ baseline }) =>
    baseline
      ? {
          stroke: palette.muted,
          strokeWidth: 1.25,
          strokeDasharray: dashes[baselines++ % dashes.length],
        }
      : { stroke: palette.series[others++ % 4], strokeWidth: 2.25 },
  );
}
