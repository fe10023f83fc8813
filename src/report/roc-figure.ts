import { check } from '../support/check.js';
import { figureWidth, openDrawing, toSvg } from './drawing.js';
import { type LineStyle, legend } from './legend.js';
import { palette } from './palette.js';
import type { NamedRocCurve } from './report-input.js';

const marginLeft = 52;
const marginRight = 24;

/** What `rocFigure` draws. */
export interface RocFigureInput {
  readonly curves: readonly NamedRocCurve[];
  /** The point in use, marked on the plot. */
  readonly operatingPoint?: {
    readonly falsePositiveRate: number;
    readonly truePositiveRate: number;
  };
}

/**
 * Draws ROC curves over the diagonal of chance; floors are thin and grey.
 *
 * @param input curves from (0, 0) to (1, 1); rates lie in [0, 1].
 * @returns the source of an SVG; colours follow the text around it.
 * @throws EMPTY_SET, SHAPE_MISMATCH, MISSING_PEER
 * @example
 * const { falsePositiveRates, truePositiveRates } = rocCurve(scores, labels);
 * const svg = await rocFigure({ curves: [{ name: 'SALAD', falsePositiveRates, truePositiveRates }] });
 */
export async function rocFigure({ curves, operatingPoint }: RocFigureInput): Promise<string> {
  check(
    curves.length > 0,
    'EMPTY_SET',
    () => 'rocFigure: curves is empty; expected at least one curve.',
  );
  for (const curve of curves) checkCurve(curve);
  const drawing = await openDrawing('rocFigure');
  const { Plot, document } = drawing;
  const styles = lineStyles(curves);
  const rate = { domain: [0, 1], ticks: 5, tickFormat: '.1f', labelArrow: 'none' } as const;
  const plot = Plot.plot({
    document,
    width: figureWidth,
    height: figureWidth - marginLeft - marginRight + 24 + 56,
    marginTop: 24,
    marginBottom: 56,
    marginLeft,
    marginRight,
    grid: true,
    x: {
      ...rate,
      label: 'false positive rate (1 − specificity)',
      labelAnchor: 'center',
      labelOffset: 36,
    },
    y: { ...rate, label: 'true positive rate (sensitivity)' },
    marks: [
      Plot.link([0], { x1: 0, y1: 0, x2: 1, y2: 1, ...chance }),
      ...curves.map((curve, i) =>
        Plot.line(Array.from(curve.falsePositiveRates), {
          x: (value: number) => value,
          y: Array.from(curve.truePositiveRates),
          ...styles[i],
          ariaLabel: () => curve.name,
        }),
      ),
      operatingPoint &&
        Plot.dot([operatingPoint], {
          x: 'falsePositiveRate',
          y: 'truePositiveRate',
          r: 4.5,
          fill: styles[0].stroke,
        }),
    ],
  });
  const entries = curves.map((curve, i) => ({ name: curve.name, style: styles[i] }));
  const key = legend(drawing, [...entries, { name: 'chance', style: chance }], marginLeft);
  const text = {
    label: 'ROC curves',
    description: `True positive rate against false positive rate for ${curves.map((curve) => curve.name).join(', ')}.`,
  };
  return toSvg(drawing, text, [plot, key]);
}

const chance: LineStyle = { stroke: palette.muted, strokeWidth: 1, strokeDasharray: '1 4' };

/** Full lines in their own colours for what is compared; thin dashes in grey for the floors. */
function lineStyles(curves: readonly NamedRocCurve[]): LineStyle[] {
  const dashes = [undefined, '6 3', '2 2', '8 3 2 3'];
  let floors = 0;
  let others = 0;
  return curves.map(({ floor }) =>
    floor
      ? { stroke: palette.muted, strokeWidth: 1.25, strokeDasharray: dashes[floors++ % 4] }
      : { stroke: palette.series[others++ % 4], strokeWidth: 2.25 },
  );
}

function checkCurve({ name, falsePositiveRates, truePositiveRates }: NamedRocCurve): void {
  check(
    falsePositiveRates.length === truePositiveRates.length && falsePositiveRates.length > 1,
    'SHAPE_MISMATCH',
    () =>
      `rocFigure: curve '${name}' has ${falsePositiveRates.length} false and ${truePositiveRates.length} true positive rates; expected as many of each, and at least 2.`,
  );
}
