import { experimentsOf, type Spread } from '../../../docs/images/results/numbers.js';

/** The sets of docs/results.md, in its order and words. */
const SETS: readonly (readonly [dataSet: string, name: string])[] = [
  ['cxr-pneumonia', 'paediatric chest'],
  ['nih-cxr', 'NIH, within views'],
  ['knee', 'knees'],
  ['pneumoniamnist', 'PneumoniaMNIST'],
];

/** Test AUC of the variants of a kind that were measured, beside SALAD's vector, label-free; '' where none was. */
export function measuredTable(kind: string): string {
  const experiments = ['tier-1.json', 'tier-2.json'].flatMap(experimentsOf);
  const names = new Set(
    experiments.flatMap(({ config }) =>
      config.detectors.filter((one) => one.kind === kind).map(({ name }) => name),
    ),
  );
  const rows = experiments
    .flatMap((one) => one.rows)
    .filter(({ choice }) => choice === 'labelFree');
  const lines = [0, 0.05].flatMap((ratio) =>
    [...names, 'SALAD'].flatMap((name) => {
      const cells = SETS.map(([set]) => {
        const row = rows.find(
          (one) =>
            one.dataSet === set &&
            one.anomalies.ratio === ratio &&
            one.detector === name &&
            one.scoreMethod === 'score',
        );
        return row ? auc(row.withinViews ?? row.areaUnderRoc) : '';
      });
      const known = ratio === 0 ? 'none' : '5%';
      return cells.some(Boolean) ? [`| ${name} | ${known} | ${cells.join(' | ')} |`] : [];
    }),
  );
  if (lines.every((line) => line.startsWith('| SALAD |'))) return '';
  return [
    `| | known anomalies | ${SETS.map(([, name]) => name).join(' | ')} |`,
    `|---|---|${SETS.map(() => '---|').join('')}`,
    ...lines,
  ].join('\n');
}

function auc({ mean, standardDeviation, count }: Spread): string {
  const spread = count > 1 ? ` +- ${short(1.96 * standardDeviation)}` : '';
  return `${short(mean)}${spread}`;
}

const short = (value: number): string => value.toFixed(3).replace(/^0/, '');
