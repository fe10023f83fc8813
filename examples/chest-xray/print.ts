import type { SaladCallbacks } from 'salad-ad';
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

/** A line per epoch, with the time left. */
export function printEpoch(epochs: number): NonNullable<SaladCallbacks['onEpochEnd']> {
  return (epoch, logs = {}) => {
    const parts = [
      `epoch ${String(epoch + 1).padStart(3)}/${epochs}`,
      `round ${logs.round}`,
      `loss ${logs.loss.toFixed(3)}`,
      `reconstruction ${logs.reconstruction?.toFixed(4) ?? 'off'}`,
      `latent ${logs.latent?.toFixed(2) ?? 'off'}`,
      `anchors ${String(logs.anchors).padStart(4)}`,
      `validation AUC ${logs.validationAuc?.toFixed(3) ?? '-'}`,
      `${Math.ceil(logs.secondsLeft)} s left`,
    ];
    console.log(parts.join('  '));
  };
}

/** Results beside the baselines, and what the threshold does. */
export function printResults(results: {
  rows: readonly (Baseline | (Evaluation & { name: string }))[];
  test: LabelledSource;
  scores: ArrayLike<number>;
  threshold: number;
}): void {
  const { rows, test, scores, threshold } = results;
  const width = Math.max(...rows.map(({ name }) => name.length));
  console.log(`\ntest set: ${test.length} films, prevalence ${three(prevalence(test.labels))}`);
  console.log(`${''.padEnd(width)}  AUC [95%]          AUPRC [95%]        distinct scores`);
  for (const row of rows) {
    const areas = `${interval(row.areaUnderRoc)}  ${interval(row.averagePrecision)}`;
    console.log(`${row.name.padEnd(width)}  ${areas}  ${row.distinctScores}`);
  }
  const confusion = confusionAt(scores, test.labels, threshold);
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = confusion;
  console.log(
    `\nat the threshold ${threshold.toFixed(4)} (for at most 5% false alarms among new normal films):`,
  );
  console.log(
    `  abnormal  ${truePositives} flagged, ${falseNegatives} missed (sensitivity ${three(confusion.sensitivity)})`,
  );
  console.log(
    `  normal    ${trueNegatives} passed, ${falsePositives} false alarms (specificity ${three(confusion.specificity)})`,
  );
}
