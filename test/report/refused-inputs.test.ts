import { expect, it } from 'vitest';
import { assessScores, figures, subgroupResults } from '../../src/report/index.js';

// biome-ignore lint/suspicious/noExplicitAny: inputs that no type allows
type Call = (...input: any[]) => unknown;
const inputs = [undefined, null, {}, 5];
const lists = [undefined, null, {}, [], 5];

it.each<[name: string, call: Call, wrong: readonly unknown[]]>([
  ['figures.anomalyRatios', figures.anomalyRatios, [...lists, [{}]]],
  ['figures.contactSheet', figures.contactSheet, inputs],
  ['figures.decisionCurve', figures.decisionCurve, inputs],
  ['figures.gallery', figures.gallery, [undefined, null, {}, 5, [{}]]],
  ['figures.ofReport', figures.ofReport, [undefined, null, 5]],
  ['figures.pairedDifferences', figures.pairedDifferences, [...lists, [{}]]],
  ['figures.precisionRecall', figures.precisionRecall, [...inputs, { curves: [{}] }]],
  ['figures.projection', figures.projection, inputs],
  ['figures.reliability', figures.reliability, lists],
  ['figures.roc', figures.roc, [...inputs, { curves: [{}] }]],
  ['figures.scores', figures.scores, inputs],
  ['figures.shortcuts', figures.shortcuts, lists],
  ['figures.split', figures.split, lists],
  ['figures.subgroups', figures.subgroups, lists],
  ['figures.trainingHistory', figures.trainingHistory, lists],
  ['assessScores', assessScores, inputs],
  ['subgroupResults', subgroupResults, inputs],
])('%s says what it expected', async (name, call, wrong) => {
  for (const input of wrong)
    await expect(async () => call(input), JSON.stringify(input)).rejects.toThrow(
      new RegExp(`^${name.replace('.', '\\.')}: .*expected.*\\[(INVALID_OPTION|EMPTY_SET)\\]$`),
    );
});

it('assessScores names its validation', () => {
  const test = { scores: [0, 1], labels: [0, 1] };
  expect(() => assessScores(test, { validation: {} as never })).toThrow(
    /^assessScores: scores of validation is undefined.*\[INVALID_OPTION\]$/,
  );
});
