import { type Drawing, figureWidth } from './drawing.js';

/** How a line is drawn, in the figure and in its legend alike. */
export interface LineStyle {
  readonly stroke: string;
  readonly strokeWidth: number;
  readonly strokeDasharray?: string;
}

const rowHeight = 20;

/** One row a line: a piece of it, then its name. */
export function legend(
  { Plot, document }: Drawing,
  entries: readonly { name: string; style: LineStyle }[],
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
    marks: entries.flatMap(({ name, style }, row) => [
      Plot.link([row], { x1: marginLeft, x2: marginLeft + 26, y: row, ...style }),
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
