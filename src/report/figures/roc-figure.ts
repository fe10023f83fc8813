import { check } from '../../support/check.js';
import { checkHasLists } from '../../support/check-kinds.js';
import type { NamedRocCurve } from '../content/report-input.js';
import { openDrawing } from '../drawing/drawing.js';
import { rateCurves } from '../drawing/rate-curves.js';

/**
 * Draws ROC curves with their bands over the diagonal of chance; baselines are thin and grey.
 *
 * @param input curves from (0, 0) to (1, 1), and the operating point; rates lie in [0, 1].
 * @returns the source of an SVG; colours follow the text around it.
 * @throws INVALID_OPTION, EMPTY_SET, SHAPE_MISMATCH, MISSING_PEER
 * @example
 * const { falsePositiveRates, truePositiveRates } = rocCurve(scores, labels);
 * const svg = await figures.roc({ curves: [{ name: 'SALAD', falsePositiveRates, truePositiveRates }] });
 */
export async function rocFigure(input: {
  /** In the order of the legend. */
  readonly curves: readonly NamedRocCurve[];
  /** The falsePositiveRate and the truePositiveRate in use, marked on the plot. Without it there is no mark. */
  readonly operatingPoint?: {
    readonly falsePositiveRate: number;
    readonly truePositiveRate: number;
  };
}): Promise<string> {
  checkHasLists('figures.roc', 'input', input, ['curves']);
  const { curves, operatingPoint } = input;
  check(
    curves.length > 0,
    'EMPTY_SET',
    () => 'figures.roc: curves is empty; expected at least one curve.',
  );
  curves.forEach(checkCurve);
  return rateCurves(await openDrawing('figures.roc'), {
    curves: curves.map((curve) => ({
      ...curve,
      xs: curve.falsePositiveRates,
      ys: curve.truePositiveRates,
    })),
    shape: 'linear',
    chance: { name: 'chance', from: 0, to: 1 },
    point: operatingPoint && {
      x: operatingPoint.falsePositiveRate,
      y: operatingPoint.truePositiveRate,
    },
    xLabel: 'false positive rate (1 − specificity)',
    yLabel: 'true positive rate (sensitivity)',
    text: {
      label: 'ROC curves',
      description: `True positive rate against false positive rate for ${curves.map(({ name }) => name).join(', ')}.`,
    },
  });
}

function checkCurve(curve: NamedRocCurve, at: number): void {
  const lists = ['falsePositiveRates', 'truePositiveRates'] as const;
  checkHasLists('figures.roc', `curves[${at}]`, curve, lists);
  const { name, falsePositiveRates, truePositiveRates } = curve;
  check(
    falsePositiveRates.length === truePositiveRates.length && falsePositiveRates.length > 1,
    'SHAPE_MISMATCH',
    () =>
      `figures.roc: curve '${name}' has ${falsePositiveRates.length} false and ${truePositiveRates.length} true positive rates; expected as many of each, and at least 2.`,
  );
}
