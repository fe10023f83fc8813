import { describe, it } from 'vitest';
import {
  areaUnderRoc,
  confusionAt,
  delongInterval,
  delongTest,
  partialAreaUnderRoc,
  rocBand,
  rocCurve,
  thresholds,
} from '../../src/metrics/index.js';
import first from '../fixtures/metrics.json' with { type: 'json' };
import second from '../fixtures/metrics-probabilities.json' with { type: 'json' };
import proc from '../fixtures/metrics-proc.json' with { type: 'json' };
import { expectClose } from '../support/close.js';

const cases = [
  ...first.cases.map(({ scoresA, labels }, i) => ({ ...proc.cases[i], scores: scoresA, labels })),
  ...second.cases.map(({ scores, labels }, i) => ({ ...proc.edges[i], scores, labels })),
];

describe.each(cases)('pROC: $name', (c) => {
  const { scores, labels } = c;

  it('gives the same areas, whole and partial', () => {
    expectClose([areaUnderRoc(scores, labels)], [c.areaUnderRoc]);
    for (const { from, to, bySpecificity, bySensitivity } of c.partial) {
      const left = partialAreaUnderRoc(scores, labels, { specificity: [from, to] });
      expectClose([left.area, left.standardized], bySpecificity);
      const top = partialAreaUnderRoc(scores, labels, { sensitivity: [from, to] });
      expectClose([top.area, top.standardized], bySensitivity);
    }
  });

  it('finds thresholds of the same cost', () => {
    for (const { cost, prevalence, specificity, sensitivity } of c.best) {
      const costs = { falseNegative: cost, prevalence };
      const ours = confusionAt(scores, labels, thresholds.cost(scores, labels, costs));
      const price = (at: { specificity: number; sensitivity: number }) =>
        cost * prevalence * (1 - at.sensitivity) + (1 - prevalence) * (1 - at.specificity);
      expectClose([price(ours)], [price({ specificity, sensitivity })]);
    }
  });

  it('reads the same sensitivities off the curve', () => {
    const { places, estimates } = rocBand(scores, labels, { replicates: 1 });
    const { falsePositiveRates } = rocCurve(scores, labels);
    // Where the curve rises straight up, one rounding of 1 - specificity decides which end is read.
    const plain = Array.from(places.keys()).filter((i) =>
      falsePositiveRates.every((rate) => Math.abs(rate - places[i]) > 1e-9),
    );
    expectClose(
      plain.map((i) => estimates[i]),
      plain.map((i) => c.sensitivities[100 - i]),
    );
  });
});

it.each(cases.flatMap(({ delong, ...c }) => (delong ? [{ ...c, error: delong[0] }] : [])))(
  "pROC's standard error: $name",
  ({ scores, labels, error }) => {
    expectClose([delongInterval(scores, labels).standardError], [error]);
  },
);

it.each(first.cases)("pROC's roc.test, paired: $name", ({ name, scoresA, scoresB, labels }) => {
  const { z, pValue, lower, upper } = delongTest(scoresA, scoresB, labels);
  const theirs = proc.cases.find((c) => c.name === name)?.test ?? [];
  expectClose([z, pValue, lower, upper], theirs);
});
