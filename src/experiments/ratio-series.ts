import { checkKnownOptions } from '../support/check.js';
import type { Choice } from './config.js';
import { checkSummaries, type RowSummary } from './summarize.js';

/**
 * Collects areas by the share of known anomalies, for `figures.anomalyRatios` of 'salad-ad/report': means with 1.96 standard
 * deviations over the seeds. Rows with known findings are left out.
 *
 * @param rows what `summarize` returned
 * @param options `dataSet`, `choice`: the rows that are taken
 * @returns one curve for each detector, and for each form where there are two
 * @throws INVALID_OPTION, UNKNOWN_OPTION
 * @example
 * const series = ratioSeries(summarize(results), { dataSet: 'chest', choice: 'labelFree' });
 * await writeFile('chest.svg', standaloneSvg(await figures.anomalyRatios(series)));
 */
export function ratioSeries(
  rows: readonly RowSummary[],
  options: {
    /** Name of the data set. */
    readonly dataSet: string;
    /** How settings and weights were fixed. */
    readonly choice: Choice;
  },
): {
  /** Name of the detector, and of the form where there are two. */
  name: string;
  /** One point for each share of known anomalies. */
  points: {
    /** abnormal / (normal + abnormal) among the training images. */
    ratio: number;
    /** Mean area over the seeds. */
    mean: number;
    /** 1.96 standard deviations over the seeds; absent for a single seed. */
    spread?: number;
  }[];
}[] {
  const where = 'ratioSeries';
  checkKnownOptions(where, options, { dataSet: true, choice: true });
  checkSummaries(where, rows);
  const { dataSet, choice } = options;
  const shown = rows.filter(
    (row) => row.dataSet === dataSet && row.choice === choice && !row.anomalies.findings,
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
