import { type DecisionThreshold, thresholdText } from 'salad-ad';
import { confusionAt, prevalence } from 'salad-ad/metrics';
import type { Baseline } from './baselines.js';
import type { LabelledSource } from './data.js';
import type { Evaluation } from './evaluate.js';

const three = (value: number) => value.toFixed(3).replace(/^0/, '');
const interval = ({ estimate, lower, upper }: { estimate: number; lower: number; upper: number }) =>
  `${three(estimate)} [${three(lower)}, ${three(upper)}]`;

/** What each part holds. */
export function printParts(parts: Readonly<Record<string, LabelledSource>>): void {
  for (const [part, { labels, length }] of Object.entries(parts)) {
    const abnormal = Array.from(labels).filter((label) => label === 1).length;
    console.log(`${part}: ${length} films, ${length - abnormal} normal, ${abnormal} abnormal`);
  }
}

/** Results beside the baselines, and what the threshold does. */
export function printResults(results: {
  rows: readonly (Baseline | (Evaluation & { name: string }))[];
  test: LabelledSource;
  scores: ArrayLike<number>;
  /** Of the model: its value, and what it promises. */
  threshold?: DecisionThreshold;
}): void {
  const { rows, test, scores, threshold } = results;
  const width = Math.max(...rows.map(({ name }) => name.length));
  console.log(`\ntest set: ${test.length} films, prevalence ${three(prevalence(test.labels))}`);
  console.log(
    `${''.padEnd(width)}  AUC [95%]          AUPRC [95%]        within brightness, texture  distinct scores`,
  );
  for (const row of rows) {
    const areas = `${interval(row.areaUnderRoc)}  ${interval(row.averagePrecision)}`;
    const within = [row.withinBrightness, row.withinTexture].map((area) =>
      area ? three(area.estimate) : '',
    );
    console.log(
      `${row.name.padEnd(width)}  ${areas}  ${within.join(' / ').padEnd(26)}  ${row.distinctScores}`,
    );
  }
  if (!threshold) return;
  const confusion = confusionAt(scores, test.labels, threshold.value);
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = confusion;
  console.log(`\nat the threshold ${threshold.value.toFixed(4)}: ${thresholdText(threshold)}`);
  console.log(
    `  abnormal  ${truePositives} flagged, ${falseNegatives} missed (sensitivity ${three(confusion.sensitivity)})`,
  );
  console.log(
    `  normal    ${trueNegatives} passed, ${falsePositives} false ${falsePositives === 1 ? 'alarm' : 'alarms'} (specificity ${three(confusion.specificity)})`,
  );
}
