import { type Drawing, figureWidth } from '../../../src/report/drawing/drawing.js';
import { palette } from '../../../src/report/drawing/palette.js';
import type { Elsewhere } from './numbers.js';

const ROW = 24;
const TOP = 40;

/** False alarms at a threshold from home and at that of 50 local normals: two dots on a line, a row for each pair of sets. */
export function falseAlarms(
  { Plot, document }: Drawing,
  all: readonly Elsewhere[],
  names: Readonly<Record<string, string>>,
) {
  const plain = (set: string) => names[set].replace(', within views', ' chest');
  const rows = all
    .filter(({ learntFrom, judged }) => learntFrom !== judged)
    .map((row, key) => ({ ...row, key, name: `${plain(row.learntFrom)} → ${plain(row.judged)}` }));
  const height = TOP + ROW * rows.length + 52;
  const legend = [
    { dx: -150, text: '● threshold from home', fill: palette.abnormal },
    { dx: 10, text: '● of 50 local normals', fill: palette.normal },
  ];
  return Plot.plot({
    document,
    width: figureWidth,
    height,
    marginTop: TOP,
    marginBottom: 52,
    marginLeft: 216,
    marginRight: 24,
    x: {
      domain: [0, 1],
      ticks: 5,
      tickFormat: '.0%',
      grid: true,
      label: 'normal films flagged; 5% was promised',
      labelAnchor: 'center',
      labelOffset: 36,
      labelArrow: 'none',
    },
    y: { domain: [-0.5, rows.length - 0.5], range: [TOP, TOP + ROW * rows.length], axis: null },
    marks: [
      Plot.ruleX([0.05], { stroke: palette.muted, strokeDasharray: '1 4' }),
      Plot.text(rows, { frameAnchor: 'left', y: 'key', text: 'name', textAnchor: 'end', dx: -8 }),
      Plot.link(rows, { x1: 'local', x2: 'home', y: 'key', stroke: palette.muted }),
      Plot.dot(rows, { x: 'home', y: 'key', r: 4.5, fill: palette.abnormal }),
      Plot.dot(rows, { x: 'local', y: 'key', r: 4.5, fill: palette.normal }),
      ...legend.map(({ dx, text, fill }) =>
        Plot.text([text], {
          frameAnchor: 'top-left',
          text: (one: string) => one,
          textAnchor: 'start',
          dx,
          dy: -26,
          fill,
        }),
      ),
    ],
  });
}
