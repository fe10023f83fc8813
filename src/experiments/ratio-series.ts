import type { Choice } from './config.js';
import type { RowSummary } from './summarize.js';

/**
 * Areas by the share of known anomalies, what `figures.anomalyRatios` of 'salad-ad/report' draws: means with 1.96
 * standard deviations over the seeds. Rows of known kinds are left out.
 *
 * @example
 * const series = ratioSeries(summarize(results), { dataSet: 'chest', choice: 'label-free' });
 * await writeFile('chest.svg', standaloneSvg(await figures.anomalyRatios(series)));
 */
export function ratioSeries(
  rows: readonly RowSummary[],
  { dataSet, choice }: { readonly dataSet: string; readonly choice: Choice },
) {
  const shown = rows.filter(
    (row) => row.dataSet === dataSet && row.choice === choice && !row.anomalies.kinds,
  );
  // Anomalies beside the normal images, or in place of some, are not points of one curve; without any both begin.
  const known = shown.filter(({ anomalies }) => anomalies.ratio > 0);
  const forms = new Set(known.map(({ anomalies }) => anomalies.form));
  const namesOf = ({ detector, anomalies: { ratio, form } }: RowSummary) => {
    if (forms.size < 2) return [detector];
    return (ratio > 0 ? [form] : [...forms]).map((one) => `${detector} (${one})`);
  };
  return [...new Set(shown.flatMap(namesOf))].map((name) => ({
    name,
    points: shown
      .filter((row) => namesOf(row).includes(name))
      .flatMap(({ anomalies, areaUnderRoc }) => {
        if (!areaUnderRoc) return [];
        const { mean, standardDeviation } = areaUnderRoc;
        const spread = standardDeviation === undefined ? {} : { spread: 1.96 * standardDeviation };
        return [{ ratio: anomalies.ratio, mean, ...spread }];
      }),
  }));
}
