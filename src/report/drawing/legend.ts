import type { SymbolType } from '@observablehq/plot';
import { type Drawing, figureWidth } from './drawing.js';

/** How a line is drawn, in the figure and in its legend alike. */
export interface LineStyle {
  readonly stroke: string;
  readonly strokeWidth: number;
  readonly strokeDasharray?: string;
}

/** How a point is drawn, in the figure and in its legend alike. */
export interface PointStyle {
  readonly fill: string;
  readonly fillOpacity?: number;
  readonly stroke?: string;
  readonly strokeWidth?: number;
  readonly symbol?: SymbolType;
  readonly r: number;
}

/** How an area is drawn, in the figure and in its legend alike. */
export interface AreaStyle {
  readonly fill: string;
  readonly fillOpacity: number;
}

/** A name, and what it stands for. */
export interface LegendEntry {
  readonly name: string;
  readonly style?: LineStyle;
  readonly point?: PointStyle;
  readonly area?: AreaStyle;
}

const rowHeight = 20;

/** One row an entry: a piece of the line, the point or the area, then its name. */
export function legend(
  { Plot, document }: Drawing,
  entries: readonly LegendEntry[],
  marginLeft: number,
) {
  return Plot.plot({
    document,
    width: figureWidth,
    height: rowHeight * entries.length,
    margin: 0,
    axis: null,
    x: { domain: [0, figureWidth], range: [0, figureWidth] },
    y: { domain: [-0.5, entries.length - 0.5], range: [0, rowHeight * entries.length] },
    marks: entries.flatMap(({ name, style, point, area }, row) => [
      area &&
        Plot.rect([row], {
          x1: marginLeft,
          x2: marginLeft + 26,
          y1: row - 0.3,
          y2: row + 0.3,
          ...area,
        }),
      style && Plot.link([row], { x1: marginLeft, x2: marginLeft + 26, y: row, ...style }),
      point && Plot.dot([row], { x: marginLeft + 13, y: row, ...point }),
      Plot.text([name], {
        x: marginLeft + 36,
        y: row,
        text: (line: string) => line,
        textAnchor: 'start',
        lineWidth: 27,
        textOverflow: 'ellipsis',
      }),
    ]),
  });
}
