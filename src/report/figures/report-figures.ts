import type { OperatingCounts, ReportInput } from '../content/report-input.js';
import { decisionCurveFigure } from './decision-curve-figure.js';
import { giveAwayFigure } from './give-away-figure.js';
import { precisionRecallFigure } from './precision-recall-figure.js';
import { projectionFigure } from './projection-figure.js';
import { reliabilityFigure } from './reliability-figure.js';
import { rocFigure } from './roc-figure.js';
import { scoreHistogramFigure } from './score-histogram-figure.js';
import { splitFigure } from './split-figure.js';
import { subgroupFigure } from './subgroup-figure.js';
import { trainingFigure } from './training-figure.js';

/** The figures of a report by name; one without data is absent. */
export interface ReportFigures {
  readonly roc?: string;
  readonly precisionRecall?: string;
  readonly scores?: string;
  readonly calibration?: string;
  readonly decisionCurve?: string;
  readonly subgroups?: string;
  readonly giveAways?: string;
  readonly split?: string;
  readonly projection?: string;
  readonly training?: string;
}

/**
 * Every figure that the page of a report would hold, each by itself.
 *
 * @param input as `renderReport` takes it.
 * @returns sources of SVGs; `standaloneSvg` and `svgToPng` make files of them.
 * @throws what the figures throw.
 * @example
 * for (const [name, svg] of Object.entries(await reportFigures(input)))
 *   await writeFile(`${name}.svg`, standaloneSvg(svg));
 */
export async function reportFigures(input: ReportInput): Promise<ReportFigures> {
  const { rocCurves = [], precisionRecallCurves = [], scores, confusion, calibration } = input;
  const { decisionCurve, subgroups = [], giveAways = [], split = [] } = input;
  const { projection, history = [] } = input;
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
    ...(scores && scores.scores.length > 0 && { scores: await scoreHistogramFigure(scores) }),
    ...(calibration &&
      calibration.bins.length > 0 && { calibration: await reliabilityFigure(calibration.bins) }),
    ...(decisionCurve &&
      decisionCurve.thresholds.length > 0 && {
        decisionCurve: await decisionCurveFigure(decisionCurve),
      }),
    ...(subgroups.length > 0 && {
      subgroups: await subgroupFigure(subgroups, { all: result?.areaUnderRoc }),
    }),
    ...(giveAways.length > 0 && { giveAways: await giveAwayFigure(giveAways, { result }) }),
    ...(split.length > 0 && { split: await splitFigure(split) }),
    ...(projection &&
      projection.xs.length > 0 && { projection: await projectionFigure(projection) }),
    ...(history.length > 0 && { training: await trainingFigure({ history }) }),
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
function precisionOf({ truePositives, falsePositives, sensitivity }: OperatingCounts) {
  const flagged = truePositives + falsePositives;
  return flagged > 0 ? { recall: sensitivity, precision: truePositives / flagged } : undefined;
}
