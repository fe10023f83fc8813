import type { DataFacts } from 'salad-ad/experiments';
import { table } from '../../src/experiments/markdown.js';

/** What one trait alone is worth on each data set of the tiers, to be read before any area. */
export interface WithGiveAways {
  readonly giveAways?: Readonly<Record<string, DataFacts['test']['giveAways']>>;
}

/** A row for each trait, a column for each data set. */
export function giveAwaysTable(summaries: readonly WithGiveAways[]): string {
  const sets = Object.assign(
    {},
    ...summaries.map(({ giveAways = {} }) => giveAways),
  ) as Required<WithGiveAways>['giveAways'];
  const traits = [
    ...new Set(Object.values(sets).flatMap((all) => all.map(({ attribute }) => attribute))),
  ];
  const rows = traits.map((trait) => [
    `${trait} alone`,
    ...Object.values(sets).map((all) => {
      const found = all.find((one) => one.attribute === trait);
      if (!found) return '';
      const { estimate, lower, upper } = found.area;
      return `${estimate.toFixed(3)} [${lower.toFixed(3)}, ${upper.toFixed(3)}], ${found.abnormal} is abnormal`;
    }),
  ]);
  return table(['what gives the label away', ...Object.keys(sets)], rows);
}
