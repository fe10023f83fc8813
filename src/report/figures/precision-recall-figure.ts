import { check } from '../../support/check.js';
import { checkHasLists } from '../../support/check-kinds.js';
import type { NamedPrecisionRecallCurve } from '../content/report-input.js';
import { openDrawing } from '../drawing/drawing.js';
import { rateCurves } from '../drawing/rate-curves.js';

/**
 * Draws precision-recall curves with their bands over the prevalence; baselines are thin and grey.
 *
 * A curve holds the precision of the highest threshold that reaches a recall, so the area under the
 * line is the average precision.
 *
 * @param input curves with recalls rising to 1, prevalence and operating point; all in [0, 1].
 * @returns the source of an SVG; colours follow the text around it.
 * @throws INVALID_OPTION, EMPTY_SET, SHAPE_MISMATCH, MISSING_PEER
 * @example
 * const { precisions, recalls } = precisionRecallCurve(scores, labels);
 * const svg = await figures.precisionRecall({
 *   curves: [{ name: 'SALAD', precisions, recalls }],
 *   prevalence: prevalence(labels),
 * });
 */
export async function precisionRecallFigure(input: {
  /** In the order of the legend. */
  readonly curves: readonly NamedPrecisionRecallCurve[];
  /** Share of abnormal images: the precision of flagging at random, drawn as a line. Without it there is none. */
  readonly prevalence?: number;
  /** The recall and the precision in use, marked on the plot. Without it there is no mark. */
  readonly operatingPoint?: { readonly recall: number; readonly precision: number };
}): Promise<string> {
  checkHasLists('figures.precisionRecall', 'input', input, ['curves']);
  const { curves, prevalence, operatingPoint } = input;
  check(
    curves.length > 0,
    'EMPTY_SET',
    () => 'figures.precisionRecall: curves is empty; expected at least one curve.',
  );
  for (const [i, curve] of curves.entries()) {
    checkHasLists('figures.precisionRecall', `curves[${i}]`, curve, ['precisions', 'recalls']);
    const { name, precisions, recalls } = curve;
    check(
      precisions.length === recalls.length && recalls.length > 0,
      'SHAPE_MISMATCH',
      () =>
        `figures.precisionRecall: curve '${name}' has ${precisions.length} precisions and ${recalls.length} recalls; expected as many of each, and at least 1.`,
    );
  }
  return rateCurves(await openDrawing('figures.precisionRecall'), {
    // From recall 0 on: the first step is as high as the first point.
    curves: curves.map((curve) => ({
      ...curve,
      xs: [0, ...Array.from(curve.recalls)],
      ys: [curve.precisions[0], ...Array.from(curve.precisions)],
    })),
    shape: 'stepBefore',
    chance:
      prevalence === undefined
        ? undefined
        : { name: `prevalence ${prevalence.toFixed(3)}`, from: prevalence, to: prevalence },
    point: operatingPoint && { x: operatingPoint.recall, y: operatingPoint.precision },
    xLabel: 'recall (sensitivity)',
    yLabel: 'precision',
    text: {
      label: 'Precision-recall curves',
      description: `Precision against recall for ${curves.map(({ name }) => name).join(', ')}.`,
    },
  });
}
