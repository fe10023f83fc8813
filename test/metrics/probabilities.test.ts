import { describe, expect, it } from 'vitest';
import {
  areaUnderRoc,
  averagePrecision,
  brierDecomposition,
  brierScore,
  calibrate,
  confusionAt,
  decisionCurve,
  partialAreaUnderRoc,
  reliability,
  sensitivityAtSpecificity,
  specificityAtSensitivity,
  thresholds,
} from '../../src/metrics/index.js';
import { quantile } from '../../src/metrics/quantile.js';
import fixture from '../fixtures/metrics-probabilities.json' with { type: 'json' };
import { expectClose } from '../support/close.js';

describe.each(fixture.cases)('scikit-learn, scipy and dcurves: $name', (c) => {
  const { scores, others, labels } = c;
  const smooth = calibrate.apply(calibrate.logistic(scores, labels), others);

  it('gives the same areas', () => {
    expectClose([areaUnderRoc(scores, labels)], [c.areaUnderRoc]);
    expectClose([averagePrecision(scores, labels)], [c.averagePrecision]);
    for (const { falsePositiveRate, standardized } of c.partial) {
      const region = { specificity: [1 - falsePositiveRate, 1] as const };
      expectClose([partialAreaUnderRoc(scores, labels, region).standardized], [standardized]);
    }
  });

  it('finds thresholds as good', () => {
    const f1 = confusionAt(scores, labels, thresholds.f1(scores, labels));
    const { truePositives, falsePositives, falseNegatives } = f1;
    expectClose(
      [(2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives)],
      [c.largestF1],
    );
    const youden = confusionAt(scores, labels, thresholds.youden(scores, labels));
    expectClose([youden.sensitivity + youden.specificity - 1], [c.largestYouden]);
    const normal = scores.filter((_, i) => labels[i] === 0);
    const sorted = Float64Array.from(normal).sort();
    for (const { share, threshold } of c.quantiles) {
      expectClose([quantile(sorted, share)], [threshold]);
      // The order statistic that split conformal prediction takes.
      const rank = Math.min(sorted.length, Math.ceil((sorted.length + 1) * share - 1e-9));
      expectClose([thresholds.atQuantile(normal, share)], [sorted[rank - 1]]);
    }
  });

  it('gives the same rate where the other is fixed', () => {
    const once = { replicates: 1 };
    for (const { specificity, sensitivity } of c.sensitivityAtSpecificity) {
      const rate = sensitivityAtSpecificity(scores, labels, specificity, once);
      expectClose([rate.estimate], [sensitivity]);
      expect(rate.confusion.specificity).toBeGreaterThanOrEqual(specificity);
    }
    for (const { sensitivity, specificity } of c.specificityAtSensitivity) {
      const rate = specificityAtSensitivity(scores, labels, sensitivity, once);
      expectClose([rate.estimate], [specificity]);
      expect(rate.confusion.sensitivity).toBeGreaterThanOrEqual(sensitivity);
    }
  });

  it('fits the same curves, and applies them to other images alike', () => {
    const isotonic = calibrate.isotonic(scores, labels);
    expectClose(isotonic.scores, c.isotonic.scores);
    expectClose(isotonic.probabilities, c.isotonic.probabilities);
    const rising = calibrate.apply(isotonic, others);
    expectClose(rising.subarray(0, c.isotonic.applied.length), c.isotonic.applied);
    expectClose([brierScore(rising, labels)], [c.isotonic.brier]);
    expectClose(smooth.subarray(0, c.logistic.applied.length), c.logistic.applied);
    const { slope, intercept } = calibrate.logistic(scores, labels);
    const size = Math.max(1, Math.abs(c.logistic.intercept));
    expectClose(
      [slope / size, intercept / size],
      [c.logistic.slope / size, c.logistic.intercept / size],
    );
  });

  it('gives the same Brier score and parts of it', () => {
    const { score, ...parts } = brierDecomposition(smooth, labels);
    expectClose([score, brierScore(smooth, labels)], [c.logistic.brier, c.logistic.brier]);
    const { miscalibration, discrimination, uncertainty } = c.decomposition;
    expectClose(
      [parts.miscalibration, parts.discrimination, parts.uncertainty],
      [miscalibration, discrimination, uncertainty],
    );
  });

  it.each(c.reliability)('gives the same diagram: $bins bins of $binning', (diagram) => {
    const binning = diagram.binning === 'equal-mass' ? 'equalMass' : 'equalWidth';
    const options = { bins: diagram.bins, binning, level: 0.9 } as const;
    const { bins, expectedCalibrationError } = reliability(smooth, labels, options);
    expect(bins.map(({ count }) => count)).toEqual(diagram.counts);
    expectClose(
      bins.map(({ meanProbability }) => meanProbability),
      diagram.said,
    );
    for (const [ours, theirs] of [
      ['estimate', 'observed'],
      ['lower', 'lower'],
      ['upper', 'upper'],
    ] as const) {
      expectClose(
        bins.map(({ observed }) => observed[ours]),
        diagram[theirs],
      );
    }
    expectClose([expectedCalibrationError], [diagram.error]);
  });

  it.each(c.decisions)('gives the same net benefit at prevalence $prevalence', (decisions) => {
    const { thresholds } = fixture;
    const { prevalence } = decisions;
    const curve = decisionCurve(smooth, labels, {
      thresholds,
      ...(prevalence !== null && { prevalence }),
    });
    expectClose(curve.model, decisions.model);
    expectClose(curve.treatAll, decisions.treatAll);
    expectClose(curve.treatNone, new Float64Array(thresholds.length));
  });
});
