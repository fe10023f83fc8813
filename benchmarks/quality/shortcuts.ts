import { table } from '../../src/experiments/markdown.js';
import { inWords } from '../../src/support/in-words.js';
import type { TierSummary } from './tier-summaries.js';

/** What one attribute alone reaches, to be read before any area: a row for each attribute, a column for each data set. */
export function shortcutsTable(summaries: readonly Pick<TierSummary, 'shortcuts'>[]): string {
  const sets: NonNullable<TierSummary['shortcuts']> = Object.assign(
    {},
    ...summaries.map(({ shortcuts = {} }) => shortcuts),
  );
  const attributes = new Set(
    Object.values(sets).flatMap((all) => all.map(({ attribute }) => attribute)),
  );
  const rows = [...attributes].map((attribute) => [
    `${inWords(attribute)} alone`,
    ...Object.values(sets).map((all) => {
      const found = all.find((one) => one.attribute === attribute);
      if (!found) return '';
      const { estimate, lower, upper } = found.area;
      return `${estimate.toFixed(3)} [${lower.toFixed(3)}, ${upper.toFixed(3)}], ${found.abnormal} is abnormal`;
    }),
  ]);
  return table(['shortcut', ...Object.keys(sets)], rows);
}
