import type { Interval } from '../../metrics/interval.js';
import { check, checkList } from '../../support/check.js';
import { figureWidth, openDrawing, toSvg } from '../drawing/drawing.js';
import { palette } from '../drawing/palette.js';

type Bounds = Pick<Interval, 'lower' | 'upper'>;

/** Room for a name of two lines. */
const rowHeight = 30;
const margins = { marginTop: 12, marginBottom: 52, marginLeft: 184, marginRight: 52 };

/**
 * Draws what a detector gains over each other one: a dot a detector, a thick bar for the interval over seeds, a thin
 * one for that over images, and a band in which a difference counts for nothing.
 *
 * @param differences top to bottom; a `PairedComparison` of 'salad-ad/experiments' is one.
 * @returns the source of an SVG; colours follow the text around it.
 * @throws INVALID_OPTION, EMPTY_SET, MISSING_PEER
 * @example
 * const pairs = compareWith(results, { reference: 'SALAD' });
 * const svg = await figures.pairedDifferences(pairs, { reference: 'SALAD' });
 */
export async function pairedDifferencesFigure(
  differences: readonly {
    /** The other detector. */
    readonly detector: string;
    /** Mean area under the ROC curve, reference minus detector, -1 to 1. */
    readonly difference: number;
    /** The thick bar: another draw of weights. Without it there is none. */
    readonly overSeeds?: Pick<Interval, 'lower' | 'upper'>;
    /** The thin bar: other images. Without it there is none. */
    readonly overImages?: Pick<Interval, 'lower' | 'upper'>;
  }[],
  options: {
    /** The detector that gains. */
    readonly reference: string;
    /** Half the width of the band. @defaultValue 0.02 */
    readonly tie?: number;
  },
): Promise<string> {
  checkList('figures.pairedDifferences', 'differences', differences);
  check(
    differences.length > 0,
    'EMPTY_SET',
    () => 'figures.pairedDifferences: differences is empty; expected at least one.',
  );
  const { reference, tie = 0.02 } = options ?? {};
  check(
    typeof reference === 'string',
    'INVALID_OPTION',
    () =>
      `figures.pairedDifferences: reference is ${String(reference)}; expected the name of the detector that gains.`,
  );
  const drawing = await openDrawing('figures.pairedDifferences');
  const { Plot, document } = drawing;
  const rows = differences.map((one, row) => ({ ...one, row }));
  const ends = differences.flatMap(({ difference, overSeeds, overImages }) =>
    [overSeeds, overImages].flatMap((bounds) =>
      bounds ? [bounds.lower, bounds.upper] : [difference],
    ),
  );
  const bars = (of: (row: (typeof rows)[number]) => Bounds | undefined, strokeWidth: number) =>
    Plot.link(
      rows.flatMap((row) => {
        const bounds = of(row);
        return bounds ? [{ row: row.row, ...bounds }] : [];
      }),
      { x1: 'lower', x2: 'upper', y: 'row', stroke: palette.series[0], strokeWidth },
    );
  const plot = Plot.plot({
    document,
    width: figureWidth,
    height: rowHeight * rows.length + margins.marginTop + margins.marginBottom,
    ...margins,
    x: {
      domain: [Math.min(-tie, ...ends), Math.max(tie, ...ends)],
      nice: true,
      ticks: 3,
      tickFormat: '+.2f',
      grid: true,
      label: `area under the ROC curve, ${reference} less the other`,
      labelAnchor: 'center',
      labelOffset: 36,
      labelArrow: 'none',
    },
    y: { domain: [-0.5, rows.length - 0.5], reverse: true, axis: null },
    marks: [
      Plot.rectX([{ x1: -tie, x2: tie }], {
        x1: 'x1',
        x2: 'x2',
        fill: palette.muted,
        fillOpacity: 0.15,
      }),
      Plot.ruleX([0], { stroke: palette.muted }),
      bars(({ overImages }) => overImages, 1.25),
      bars(({ overSeeds }) => overSeeds, 4),
      Plot.dot(rows, { x: 'difference', y: 'row', r: 4.5, fill: palette.series[1] }),
      Plot.text(rows, {
        frameAnchor: 'left',
        y: 'row',
        text: 'detector',
        textAnchor: 'end',
        dx: -10,
        lineWidth: 14,
      }),
      Plot.text(rows, {
        frameAnchor: 'right',
        y: 'row',
        text: ({ difference }: { difference: number }) => signed(difference),
        textAnchor: 'start',
        dx: 10,
      }),
    ],
  });
  const text = {
    label: `What ${reference} gains`,
    description: differences
      .map(({ detector, difference }) => `over ${detector}: ${signed(difference)}`)
      .join(', '),
  };
  return toSvg(drawing, text, [plot]);
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}
