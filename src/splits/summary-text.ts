import type { CategoryCount, ImageClass, PartSummary } from './split-summary.js';
import type { Spread } from './traits.js';

const classNames: readonly ImageClass[] = ['normal', 'abnormal', 'unlabelled'];

/**
 * A summary to read in a terminal: images by part and class, what could give the label away, and how it is spread.
 *
 * @example
 * console.log(summaryText(splitSummary(split.parts)));
 */
export function summaryText(summary: readonly PartSummary[]): string {
  return [countsTable(summary), giveAwayTable(summary), ...summary.map(spreads)]
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

function giveAwayTable(summary: readonly PartSummary[]): readonly string[] {
  const rows = summary.flatMap(({ part, giveAways }) =>
    giveAways.map(({ trait, area, images, abnormal }) => [
      part,
      trait,
      area.estimate.toFixed(3),
      `${area.lower.toFixed(3)} to ${area.upper.toFixed(3)}`,
      abnormal,
      String(images),
    ]),
  );
  if (rows.length === 0) return [];
  const head = ['part', 'trait alone', 'AUC', '95 %', 'abnormal if', 'images'];
  return ['What could give the label away', ...table([head, ...rows])];
}

function spreads(summary: PartSummary): readonly string[] {
  const shown = classNames.filter((name) => summary.classes[name].images > 0);
  const categories = (title: string, counts: readonly CategoryCount[]) =>
    counts.length === 0
      ? []
      : shown.map((name) => [title, name, shares(counts, name, summary.classes[name].images)]);
  const numbers = (
    title: string,
    of: Readonly<Record<ImageClass, Spread | undefined>>,
    digits = 0,
  ) =>
    shown.flatMap((name) => {
      const spread = of[name];
      return spread ? [[title, name, quartiles(spread, digits)]] : [];
    });
  const rows = [
    ...categories('findings', summary.findings),
    ...categories('view', summary.views),
    ...categories('body part', summary.bodyParts),
    ...categories('sex', summary.sexes),
    ...numbers('age', summary.ages),
    ...numbers('image size', summary.imageSizes),
    ...numbers('brightness', summary.brightness, 3),
  ];
  return [summary.part, ...table(rows, 3)];
}

/** Shares of the images of a class; with several findings an image counts for each. */
function shares(counts: readonly CategoryCount[], name: ImageClass, images: number): string {
  const present = counts.filter((count) => count[name] > 0).sort((a, b) => b[name] - a[name]);
  const listed = present
    .slice(0, 8)
    .map(
      (count) => `${count.value} ${count[name]} (${Math.round((100 * count[name]) / images)} %)`,
    );
  const more = present.length > 8 ? [`${present.length - 8} more`] : [];
  return [...listed, ...more].join(', ') || '-';
}

function quartiles(spread: Spread, digits: number): string {
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
