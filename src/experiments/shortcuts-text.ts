import { nearShortcuts, shortcutText } from '../splits/near-shortcuts.js';
import type { Shortcut } from '../splits/shortcut.js';
import { inWords } from '../support/in-words.js';
import type { DataFacts } from './data-facts.js';
import type { RowSummary } from './summarize.js';

/** What each attribute alone reaches, and how many of the rows are not clearly above it. */
export function shortcutsText(rows: readonly RowSummary[], { test }: DataFacts): string {
  if (test.shortcuts.length === 0) return '';
  const found = test.shortcuts.map(
    ({ attribute, abnormal, area: { estimate, lower, upper } }) =>
      `${inWords(attribute)} (${abnormal}) ${estimate.toFixed(3)} [${lower.toFixed(3)}, ${upper.toFixed(3)}]`,
  );
  return [
    `Shortcuts: AUC of one attribute alone, with DeLong's 95% interval: ${found.join('; ')}.`,
    ...nearText(rows, test.shortcuts),
  ].join('\n\n');
}

function nearText(rows: readonly RowSummary[], shortcuts: readonly Shortcut[]): string[] {
  const areas = rows.flatMap(({ areaUnderRoc }) => areaUnderRoc?.mean ?? []);
  const found = shortcuts.flatMap((one) => {
    const near = areas.filter((area) => nearShortcuts(area, [one]).length > 0).length;
    return near > 0 ? [`${shortcutText(one)} for ${near} of ${areas.length} rows`] : [];
  });
  if (found.length === 0) return [];
  return [
    `One attribute alone is less than .05 below a row of the table, or above it: ${found.join('; ')}. Such a row may have seen no more than that attribute.`,
  ];
}
