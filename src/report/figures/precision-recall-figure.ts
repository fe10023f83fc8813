import { check } from '../../support/check.js';
import type { NamedPrecisionRecallCurve } from '../content/report-input.js';
import { openDrawing } from '../drawing/drawing.js';
import { rateCurves } from '../drawing/rate-curves.js';

/** What `precisionRecallFigure` draws. */
export interface PrecisionRecallFigureInput {
  readonly curves: readonly NamedPrecisionRecallCurve[];
  /** Share of abnormal images: the precision of flagging at random, drawn as a line. */
  readonly prevalence?: number;
  /** The point in use, marked on the plot. */
  readonly operatingPoint?: { readonly recall: number; readonly precision: number };
}

/**
 * Draws precision-recall curves with their bands over the prevalence; floors are thin and grey.
 *
 * A curve holds the precision of the highest threshold that reaches a recall, so the area under the
 * line is the average precision.
 *
 * @param input curves with recalls rising to 1; rates lie in [0, 1].
 * @returns the source of an SVG; colours follow the text around it.
 * @throws EMPTY_SET, SHAPE_MISMATCH, MISSING_PEER
 * @example
 * const { precisions, recalls } = precisionRecallCurve(scores, labels);
 * const svg = await precisionRecallFigure({
 *   curves: [{ name: 'SALAD', precisions, recalls }],
 *   prevalence: prevalence(labels),
 * });
 */
export async function precisionRecallFigure(input: PrecisionRecallFigureInput): Promise<string> {
  const { curves, prevalence, operatingPoint } = input;
  check(
    curves.length > 0,
    'EMPTY_SET',
    () => 'precisionRecallFigure: curves is empty; expected at least one curve.',
  );
  for (const { name, precisions, recalls } of curves)
    check(
      precisions.length === recalls.length && recalls.length > 0,
      'SHAPE_MISMATCH',
      () =>
        `precisionRecallFigure: curve '${name}' has ${precisions.length} precisions and ${recalls.length} recalls; expected as many of each, and at least 1.`,
    );
  return rateCurves(await openDrawing('precisionRecallFigure'), {
    // From recall 0 on: the first step is as high as the first point.
    curves: curves.map((curve) => ({
      ...curve,
      xs: [0, ...Array.from(curve.recalls)],
      ys: [curve.precisions[0], ...Array.from(curve.precisions)],
    })),
    shape: 'step-before',
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
