import { checkObject } from '../../support/check.js';
import type { ReportInput } from '../content/report-input.js';
import { decisionCurveFigure } from './decision-curve-figure.js';
import { driftFigure } from './drift-figure.js';
import { precisionRecallFigure } from './precision-recall-figure.js';
import { projectionFigure } from './projection-figure.js';
import { reliabilityFigure } from './reliability-figure.js';
import { rocFigure } from './roc-figure.js';
import { scoresFigure } from './scores-figure.js';
import { shortcutsFigure } from './shortcuts-figure.js';
import { splitFigure } from './split-figure.js';
import { subgroupsFigure } from './subgroups-figure.js';
import { trainingHistoryFigure } from './training-history-figure.js';

/** The figures of a report, by the names of the functions that draw them. */
export type ReportFigures = Awaited<ReturnType<typeof reportFigures>>;

/**
 * Every figure that the page of a report would hold, each by itself.
 *
 * @param input as `renderReport` takes it.
 * @returns sources of SVGs, by the names of the functions that draw them; one without data is absent. `standaloneSvg`
 * and `svgToPng` make files of them.
 * @throws UNKNOWN_OPTION, EMPTY_SET, INVALID_OPTION, SHAPE_MISMATCH, LABELS_MISMATCH, NOT_FINITE, MISSING_PEER
 * @example
 * for (const [name, svg] of Object.entries(await figures.ofReport(input)))
 *   await writeFile(`${name}.svg`, standaloneSvg(svg));
 */
export async function reportFigures(input: ReportInput): Promise<{
  readonly [figure in
    | 'roc'
    | 'precisionRecall'
    | 'scores'
    | 'reliability'
    | 'decisionCurve'
    | 'subgroups'
    | 'shortcuts'
    | 'split'
    | 'drift'
    | 'projection'
    | 'trainingHistory']?: string;
}> {
  checkObject('figures.ofReport', 'input', input, 'what renderReport takes');
  const { rocCurves = [], precisionRecallCurves = [], scores, confusion, calibration } = input;
  const { decisionCurve, subgroups = [], shortcuts = [], split = [] } = input;
  const { projection, history = [], drift } = input;
  const result = input.results?.[0];
  return {
    ...(rocCurves.length > 0 && {
      roc: await rocFigure({
        curves: rocCurves,
        operatingPoint: confusion && {
          falsePositiveRate: 1 - confusion.specificity,
          truePositiveRate: confusion.sensitivity,
        },
      }),
    }),
    ...(precisionRecallCurves.length > 0 && {
      precisionRecall: await precisionRecallFigure({
        curves: precisionRecallCurves,
        prevalence: prevalenceOf(input),
        operatingPoint: confusion && precisionOf(confusion),
      }),
    }),
    ...(scores && scores.scores.length > 0 && { scores: await scoresFigure(scores) }),
    ...(calibration &&
      calibration.bins.length > 0 && { reliability: await reliabilityFigure(calibration.bins) }),
    ...(decisionCurve &&
      decisionCurve.thresholds.length > 0 && {
        decisionCurve: await decisionCurveFigure(decisionCurve),
      }),
    ...(subgroups.length > 0 && {
      subgroups: await subgroupsFigure(subgroups, { all: result?.areaUnderRoc }),
    }),
    ...(shortcuts.length > 0 && { shortcuts: await shortcutsFigure(shortcuts, { result }) }),
    ...(split.length > 0 && { split: await splitFigure(split) }),
    ...(drift && drift.films > 0 && { drift: await driftFigure(drift) }),
    ...(projection &&
      projection.xs.length > 0 && { projection: await projectionFigure(projection) }),
    ...(history.length > 0 && { trainingHistory: await trainingHistoryFigure(history) }),
  };
}

/** Of the test images, whose labels the histogram or the counts bring along. */
function prevalenceOf({ scores, confusion }: ReportInput): number | undefined {
  if (scores && scores.labels.length > 0)
    return Array.from(scores.labels).filter((label) => label === 1).length / scores.labels.length;
  if (!confusion) return undefined;
  const { truePositives, falseNegatives, trueNegatives, falsePositives } = confusion;
  const abnormal = truePositives + falseNegatives;
  return abnormal / (abnormal + trueNegatives + falsePositives);
}

/** Where nothing is flagged there is no precision, and no point. */
function precisionOf(confusion: NonNullable<ReportInput['confusion']>) {
  const { truePositives, falsePositives, sensitivity } = confusion;
  const flagged = truePositives + falsePositives;
  return flagged > 0 ? { recall: sensitivity, precision: truePositives / flagged } : undefined;
}
