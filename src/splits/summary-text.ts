import { checkObjects } from '../support/check.js';
import { inWords } from '../support/in-words.js';
import type { ImageClass, PartSummary } from './split-summary.js';

const classNames: readonly ImageClass[] = ['normal', 'abnormal', 'unlabelled'];

/**
 * Writes a summary to be read in a terminal: images by part and class, shortcuts, and how findings and attributes are spread.
 *
 * @param summary what `splitSummary` returned
 * @returns lines of text, tables aligned by spaces
 * @throws INVALID_OPTION
 * @example
 * console.log(summaryText(splitSummary(split.parts)));
 */
export function summaryText(summary: readonly PartSummary[]): string {
  checkObjects('summaryText', 'summary', summary, 'what splitSummary returned', [
    'classes',
    'shortcuts',
    'findings',
  ]);
  return [countsTable(summary), shortcutTable(summary), ...summary.map(spreads)]
    .filter((lines) => lines.length > 1)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function countsTable(summary: readonly PartSummary[]): readonly string[] {
  const shown = classNames.filter((name) =>
    summary.some(({ classes }) => classes[name].images > 0),
  );
  const rows = summary.map(({ part, images, patients, studies, classes }) => [
    part,
    ...[images, patients, studies].map((count) => String(count ?? '-')),
    ...shown.map((name) => String(classes[name].images)),
  ]);
  return table([['part', 'images', 'patients', 'studies', ...shown], ...rows]);
}

function shortcutTable(summary: readonly PartSummary[]): readonly string[] {
  const rows = summary.flatMap(({ part, shortcuts }) =>
    shortcuts.map(({ attribute, area, images, abnormal }) => [
      part,
      inWords(attribute),
      area.estimate.toFixed(3),
      `${area.lower.toFixed(3)} to ${area.upper.toFixed(3)}`,
      abnormal,
      String(images),
    ]),
  );
  if (rows.length === 0) return [];
  const head = ['part', 'attribute alone', 'AUC', '95 %', 'abnormal if', 'images'];
  return ['Shortcuts: attributes that tell the classes apart', ...table([head, ...rows])];
}

function spreads(summary: PartSummary): readonly string[] {
  const shown = classNames.filter((name) => summary.classes[name].images > 0);
  const categories = (title: string, counts: PartSummary['findings']) =>
    counts.length === 0
      ? []
      : shown.map((name) => [title, name, shares(counts, name, summary.classes[name].images)]);
  const numbers = (title: string, of: PartSummary['ages'], digits = 0) =>
    shown.flatMap((name) => {
      const spread = of[name];
      return spread ? [[title, name, quartiles(spread, digits)]] : [];
    });
  const rows = [
    ...categories('findings', summary.findings),
    ...categories('view', summary.views),
    ...categories('body part', summary.bodyParts),
    ...categories('sex', summary.sexes),
    ...numbers('age (years)', summary.ages),
    ...numbers('image size (pixels)', summary.imageSizes),
    ...numbers('brightness (0 to 1)', summary.brightness, 3),
    ...numbers('sharpness (0 to 4)', summary.sharpness, 3),
  ];
  return [summary.part, ...table(rows, 3)];
}

/** Shares of the images of a class; with several findings an image counts for each. */
function shares(counts: PartSummary['findings'], name: ImageClass, images: number): string {
  const present = counts
    .filter((count) => count.images[name] > 0)
    .sort((a, b) => b.images[name] - a.images[name]);
  const listed = present
    .slice(0, 8)
    .map(
      (count) =>
        `${count.value} ${count.images[name]} (${Math.round((100 * count.images[name]) / images)} %)`,
    );
  const more = present.length > 8 ? [`${present.length - 8} more`] : [];
  return [...listed, ...more].join(', ') || '-';
}

function quartiles(spread: NonNullable<PartSummary['ages']['normal']>, digits: number): string {
  const { minimum, lowerQuartile, median, upperQuartile, maximum } = spread;
  const [low, lower, middle, upper, high] = [
    minimum,
    lowerQuartile,
    median,
    upperQuartile,
    maximum,
  ].map((value) => value.toFixed(digits));
  return `median ${middle}, quartiles ${lower} and ${upper}, from ${low} to ${high}`;
}

/** Columns of equal width, two spaces apart; words to the left, numbers to the right. */
function table(rows: readonly (readonly string[])[], leftColumns = 1): readonly string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column].length));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column < leftColumns || Number.isNaN(Number.parseFloat(rows.at(-1)?.[column] ?? ''))
          ? cell.padEnd(width(column))
          : cell.padStart(width(column)),
      )
      .join('  ')
      .trimEnd(),
  );
}
