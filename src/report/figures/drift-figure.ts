import type { DriftSummary } from '../../monitor/drift-summary.js';
import { check } from '../../support/check.js';
import { checkHasLists } from '../../support/check-kinds.js';
import { figureWidth, openDrawing, toSvg } from '../drawing/drawing.js';
import { palette } from '../drawing/palette.js';

/** Evidence below it is not drawn lower: what speaks for no change has no end. */
const FLOOR = -3;

/**
 * Draws the evidence of a change film by film, a panel for each thing that is watched, with the alarm as a dashed line.
 *
 * The scale is logarithmic (base 10) and ends at 1/1000 below.
 *
 * @param summary as `summary` of a `DriftMonitor` gives it.
 * @returns the source of an SVG; colours follow the text around it.
 * @throws INVALID_OPTION, EMPTY_SET, MISSING_PEER
 * @example
 * const svg = await figures.drift(monitor.summary());
 */
export async function driftFigure(summary: DriftSummary): Promise<string> {
  const where = 'figures.drift';
  checkHasLists(where, 'summary', summary, ['streams']);
  const streams = summary.streams.filter(({ trail }) => trail.length > 0);
  check(
    streams.length > 0,
    'EMPTY_SET',
    () => `${where}: summary holds no film; expected at least one.`,
  );
  const { Plot, document } = await openDrawing(where);
  const films = Math.max(...streams.flatMap(({ trail }) => trail.map(([film]) => film)));
  const panels = streams.map((stream, i) => {
    const limit = Math.log10(stream.threshold);
    const last = i === streams.length - 1;
    const points = stream.trail.map(([film, log]) => ({ film, log: Math.max(log, FLOOR) }));
    const high = Math.max(limit, ...points.map(({ log }) => log));
    const marginBottom = last ? 44 : 10;
    return Plot.plot({
      document,
      width: figureWidth,
      height: 34 + 80 + marginBottom,
      marginTop: 34,
      marginBottom,
      marginLeft: 58,
      marginRight: 24,
      x: { domain: [0, Math.max(films, 2)], axis: null },
      y: { domain: [FLOOR, high * 1.08], grid: true },
      marks: [
        Plot.axisY({ ticks: 4, label: null, tickFormat: power }),
        last
          ? Plot.axisX({
              label: 'film',
              labelAnchor: 'center',
              labelOffset: 36,
              labelArrow: 'none',
              ticks: 5,
            })
          : null,
        Plot.ruleY([limit], { stroke: palette.abnormal, strokeDasharray: '4 3' }),
        Plot.line(points, {
          x: 'film',
          y: 'log',
          stroke: palette.normal,
          strokeWidth: 2,
          ariaLabel: () => stream.name,
        }),
        points.length === 1
          ? Plot.dot(points, { x: 'film', y: 'log', fill: palette.normal })
          : null,
        stream.alarm === undefined
          ? null
          : Plot.ruleX([stream.alarm], { stroke: palette.abnormal, strokeWidth: 1.5 }),
        Plot.text(
          [
            stream.alarm === undefined
              ? stream.name
              : `${stream.name}: alarm at film ${stream.alarm}`,
          ],
          {
            frameAnchor: 'top-left',
            dx: -58,
            dy: -24,
            text: (label: string) => label,
            fontWeight: 600,
          },
        ),
      ],
    });
  });
  const alarms = streams.filter(({ alarm }) => alarm !== undefined);
  return toSvg(
    { Plot, document },
    {
      label: 'Evidence of a change by film',
      description: `${streams.map(({ name }) => name).join(', ')} over ${films} films; ${alarms.length > 0 ? `alarm: ${alarms.map(({ name }) => name).join(', ')}` : 'no alarm'}.`,
    },
    panels,
  );
}

function power(log: number): string {
  return log === 0 ? '1' : Number.isInteger(log) ? `1e${log}` : '';
}
