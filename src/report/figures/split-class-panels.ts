import type { ImageClass, PartSummary } from '../../splits/split-summary.js';
import type { Drawing } from '../drawing/drawing.js';
import { classColor, frame, presentClasses, rowNames, title } from './split-panel.js';

/** Of each kind, views and findings for instance. */
const mostCategories = 8;

/** A category's share of the images of a class. */
export interface CategoryRow {
  readonly key: string;
  readonly label: string;
  readonly name: ImageClass;
  readonly share: number;
}

/** The most common categories of each kind, each with its share of every class. */
export function categoryRows({ classes, ...of }: PartSummary): readonly CategoryRow[] {
  const kinds = [
    { kind: 'view ', counts: of.views },
    { kind: 'sex ', counts: of.sexes },
    { kind: '', counts: of.bodyParts },
    { kind: '', counts: of.findings },
  ];
  return kinds.flatMap(({ kind, counts }, k) =>
    counts.slice(0, mostCategories).flatMap((count) =>
      presentClasses(classes).map((name, i) => ({
        key: `${k}/${count.value}/${name}`,
        label: i > 0 ? '' : kind + count.value.replaceAll('_', ' '),
        name,
        share: count.images[name] / classes[name].images,
      })),
    ),
  );
}

/** Two bars for each category, one a class. */
export function categoryPanel(
  { Plot, document }: Drawing,
  { part }: PartSummary,
  rows: readonly CategoryRow[],
) {
  const legendRows = rows.findIndex(({ label }, i) => i > 0 && label !== '');
  return Plot.plot({
    ...frame(document, rows, 0, 14),
    x: { axis: null, domain: [0, 1.15] },
    color: classColor,
    marks: [
      title(Plot, `${part}: share of the images of a class`),
      rowNames(Plot, rows, 'label', { dy: 7 }),
      Plot.barX(rows, { x: 'share', y: 'key', fill: 'name' }),
      Plot.text(rows, {
        x: 'share',
        y: 'key',
        text: ({ share, name }: CategoryRow, i: number) =>
          `${Math.round(100 * share)} %${i < legendRows ? ` ${name}` : ''}`,
        textAnchor: 'start',
        dx: 6,
        fontSize: 11,
      }),
    ],
  });
}

/** A number's spread in a class. */
export interface SpreadRow {
  readonly key: string;
  readonly label: string;
  readonly name: ImageClass;
  readonly text: string;
  /** The order statistics, on a scale from 0 (the least of the attribute) to 1 (the most). */
  readonly places: readonly number[];
}

/** A row for each number and class that the part has. */
export function spreadRows({
  classes,
  ages,
  imageSizes,
  brightness,
  sharpness,
}: PartSummary): readonly SpreadRow[] {
  const attributes = [
    { label: 'age', of: ages, digits: 0 },
    { label: 'image size', of: imageSizes, digits: 0 },
    { label: 'brightness', of: brightness, digits: 2 },
    { label: 'sharpness', of: sharpness, digits: 3 },
  ];
  return attributes.flatMap(({ label, of, digits }) => {
    const present = presentClasses(classes).flatMap((name) => {
      const spread = of[name];
      return spread ? [{ name, spread }] : [];
    });
    const least = Math.min(...present.map(({ spread }) => spread.minimum));
    const most = Math.max(...present.map(({ spread }) => spread.maximum));
    // Equal for all: nothing to see.
    if (least === most) return [];
    return present.map(({ name, spread }, i) => ({
      key: `${label}/${name}`,
      label: i > 0 ? '' : label,
      name,
      text: `median ${spread.median.toFixed(digits)}`,
      places: [
        spread.minimum,
        spread.lowerQuartile,
        spread.median,
        spread.upperQuartile,
        spread.maximum,
      ].map((value) => (value - least) / (most - least)),
    }));
  });
}

/** From least to most as a line, from quartile to quartile as a bar, the median as a gap in it. */
export function spreadPanel(
  { Plot, document }: Drawing,
  { part }: PartSummary,
  rows: readonly SpreadRow[],
) {
  const place = (i: number) => (row: SpreadRow) => row.places[i];
  return Plot.plot({
    ...frame(document, rows),
    x: { axis: null, domain: [0, 1.4] },
    color: classColor,
    marks: [
      title(Plot, `${part}: range, quartiles and median`),
      rowNames(Plot, rows, 'label'),
      Plot.link(rows, { x1: place(0), x2: place(4), y: 'key', stroke: 'name', strokeWidth: 1.5 }),
      Plot.barX(rows, {
        x1: place(1),
        x2: place(3),
        y: 'key',
        fill: 'name',
        insetTop: 1,
        insetBottom: 1,
      }),
      Plot.tickX(rows, { x: place(2), y: 'key', stroke: 'currentColor', strokeWidth: 2 }),
      Plot.text(rows, { x: place(4), y: 'key', text: 'text', textAnchor: 'start', dx: 8 }),
    ],
  });
}
