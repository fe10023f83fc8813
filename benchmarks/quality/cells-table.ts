import type { PairedComparison, RowSummary } from 'salad-ad/experiments';
import { signed, signedInterval, spread, table } from '../../src/experiments/markdown.js';

/** What the columns are, by the names of the rows. */
const columns: readonly (readonly [title: string, ...rows: string[]])[] = [
  ['no pretrained weights', 'SALAD'],
  ['with the frozen encoder', 'frozen encoder'],
  ["today: SALAD's vector alone", 'SALAD, angular'],
  ['cells alone', 'SALAD, cells'],
  ['frozen encoder + SALAD', 'SALAD + frozen encoder'],
  ['untrained network, read as SALAD is', 'untrained network'],
  ['MemDAE', 'MemDAE / MSE only'],
  ['raw pixels', 'pixels (localContrast)'],
  ['brightness', 'mean intensity'],
  ['texture', 'texture (local contrast)', 'texture (Laplacian)', 'texture (fine)'],
];

const measures: readonly (readonly [
  title: string,
  of: 'areaUnderRoc' | 'withinViews' | 'withinBrightness' | 'withinTexture',
])[] = [
  ['all films', 'areaUnderRoc'],
  ['within views', 'withinViews'],
  ['within quarters of brightness', 'withinBrightness'],
  ['within quarters of texture', 'withinTexture'],
];

/** A row for each set and measure; of several textures the best. */
export function areasByReading(rows: readonly RowSummary[]): string {
  const sets = [...new Set(rows.map(({ dataSet }) => dataSet))];
  const lines = sets.flatMap((set) =>
    measures.flatMap(([title, of]) => {
      const own = rows.filter(({ dataSet, [of]: area }) => dataSet === set && area);
      if (own.length === 0) return [];
      const cells = columns.map(([, ...names]) => {
        const found = own.filter(({ detector }) => names.includes(detector));
        const [best] = found.sort((a, b) => (b[of]?.mean ?? 0) - (a[of]?.mean ?? 0));
        return spread(best?.[of]);
      });
      return [[set, title, ...cells]];
    }),
  );
  return table(['data set', 'AUC of', ...columns.map(([title]) => title)], lines);
}

/** What each of the two readings gains over the others, by paired seeds: over seeds, then over images. */
export function gainsByReading(pairs: readonly PairedComparison[]): string {
  const compared = columns.slice(1).flatMap(([, ...names]) => names);
  return table(
    [
      'data set',
      'detector',
      'less',
      'all films',
      'within views',
      'within quarters of brightness',
      'of texture',
    ],
    pairs
      .filter(({ detector }) => compared.includes(detector))
      .map((pair) => [
        pair.dataSet,
        pair.reference,
        pair.detector,
        ...[pair, pair.withinViews, pair.withinBrightness, pair.withinTexture].map((gain) =>
          gain
            ? [signed(gain.difference), ...[gain.overSeeds, gain.overImages].map(signedInterval)]
                .filter(Boolean)
                .join(' ')
            : '',
        ),
      ]),
  );
}
