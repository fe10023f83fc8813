import type { Choice } from './config.js';
import type { RowSummary } from './summarize.js';

/**
 * Areas by the share of known anomalies, what `anomalyRatioFigure` of 'salad-ad/report' draws: means with 1.96
 * standard deviations over the seeds. Rows of known kinds are left out.
 *
 * @example
 * const series = ratioSeries(summarize(results), { dataSet: 'chest', choice: 'label-free' });
 * await writeFile('chest.svg', standaloneSvg(await anomalyRatioFigure(series)));
 */
export function ratioSeries(
  rows: readonly RowSummary[],
  { dataSet, choice }: { readonly dataSet: string; readonly choice: Choice },
) {
  const shown = rows.filter(
    (row) => row.dataSet === dataSet && row.choice === choice && !row.anomalies.kinds,
  );
  return [...new Set(shown.map(({ detector }) => detector))].map((name) => ({
    name,
    points: shown
      .filter(({ detector }) => detector === name)
      .flatMap(({ anomalies, areaUnderRoc }) => {
        if (!areaUnderRoc) return [];
        const { mean, standardDeviation } = areaUnderRoc;
        const spread = standardDeviation === undefined ? {} : { spread: 1.96 * standardDeviation };
        return [{ ratio: anomalies.ratio, mean, ...spread }];
      }),
  }));
}
