import type { PartSummary } from '../../splits/split-summary.js';
import { check, checkKnownOptions, checkObjects } from '../../support/check.js';
import { inWords } from '../../support/in-words.js';
import { type Drawing, openDrawing, toSvg } from '../drawing/drawing.js';
import { palette } from '../drawing/palette.js';
import { categoryPanel, categoryRows, spreadPanel, spreadRows } from './split-class-panels.js';
import { classColor, frame, presentClasses, rowNames, title } from './split-panel.js';

/**
 * Draws a split: images by part and class, shortcuts, and views, sexes, body parts and findings by class.
 *
 * The middle panel has the area under the ROC curve of each attribute alone, with its 95 % interval; chance is .5.
 * The lower ones are of
 * one part: shares of the images of a class.
 *
 * @param summary as `splitSummary` gives it
 * @returns the source of an SVG; colours follow the text around it.
 * @throws INVALID_OPTION, UNKNOWN_OPTION, EMPTY_SET, MISSING_PEER
 * @example
 * const svg = await figures.split(splitSummary(split.parts));
 */
export async function splitFigure(
  summary: readonly PartSummary[],
  options: {
    /** The part that the lower panels show. @defaultValue the last with both classes */
    readonly part?: string;
  } = {},
): Promise<string> {
  checkKnownOptions('figures.split', options, { part: true });
  checkObjects('figures.split', 'summary', summary, 'what splitSummary returned', [
    'part',
    'classes',
    'shortcuts',
  ]);
  check(
    summary.length > 0,
    'EMPTY_SET',
    () => 'figures.split: summary is empty; expected at least one part.',
  );
  const shown =
    options.part === undefined
      ? ([...summary]
          .reverse()
          .find(({ classes }) => classes.normal.images > 0 && classes.abnormal.images > 0) ??
        summary[summary.length - 1])
      : summary.find(({ part }) => part === options.part);
  check(
    shown !== undefined,
    'INVALID_OPTION',
    () =>
      `figures.split: part is '${options.part}'; expected one of ${summary.map(({ part }) => `'${part}'`).join(', ')}.`,
  );
  const drawing = await openDrawing('figures.split');
  const panels = [countsPanel(drawing, summary)];
  if (summary.some(({ shortcuts }) => shortcuts.length > 0))
    panels.push(shortcutPanel(drawing, summary));
  const categories = categoryRows(shown);
  if (categories.length > 0) panels.push(categoryPanel(drawing, shown, categories));
  const spreads = spreadRows(shown);
  if (spreads.length > 0) panels.push(spreadPanel(drawing, shown, spreads));
  const text = {
    label: 'Parts of the split',
    description: summary
      .map(
        ({ part, classes }) =>
          `${part}: ${presentClasses(classes)
            .map((name) => `${classes[name].images} ${name}`)
            .join(', ')}`,
      )
      .join('; '),
  };
  return toSvg(drawing, text, panels);
}

/** A bar for each class of each part, with its images and patients. */
function countsPanel({ Plot, document }: Drawing, summary: readonly PartSummary[]) {
  const rows = summary.flatMap(({ part, classes }) =>
    presentClasses(classes).map((name, i) => ({
      part: i > 0 ? '' : part,
      key: `${part}/${name}`,
      name,
      ...classes[name],
    })),
  );
  const largest = Math.max(...rows.map(({ images }) => images), 1);
  return Plot.plot({
    ...frame(document, rows),
    x: { axis: null, domain: [0, largest * 2.5] },
    color: classColor,
    marks: [
      title(Plot, 'Images by part and class'),
      rowNames(Plot, rows, 'part'),
      Plot.barX(rows, { x: 'images', y: 'key', fill: 'name' }),
      Plot.text(rows, {
        x: 'images',
        y: 'key',
        text: ({ images, patients, name }) =>
          `${images} ${name}${patients === undefined ? '' : ` of ${patients} ${patients === 1 ? 'patient' : 'patients'}`}`,
        textAnchor: 'start',
        dx: 6,
      }),
    ],
  });
}

/** A point and an interval for each attribute of each part, beside the rule of chance. */
function shortcutPanel({ Plot, document }: Drawing, summary: readonly PartSummary[]) {
  const groups = summary.filter(({ shortcuts }) => shortcuts.length > 0);
  const points = groups.flatMap(({ part, shortcuts }) =>
    shortcuts.map(({ attribute, area, abnormal }) => ({
      key: `${part}/${attribute}`,
      label: `${inWords(attribute)}, ${abnormal}`,
      ...area,
    })),
  );
  const heads = groups.map(({ part }) => ({ key: part, label: part }));
  const keys = groups.flatMap(({ part, shortcuts }) => [
    { key: part },
    ...shortcuts.map(({ attribute }) => ({ key: `${part}/${attribute}` })),
  ]);
  return Plot.plot({
    ...frame(document, keys, 24),
    marginRight: 44,
    x: { domain: [0.4, 1], ticks: 6, tickFormat: '.1f', label: null, grid: true },
    marks: [
      title(Plot, 'Shortcuts: AUC of one attribute alone'),
      Plot.ruleX([0.5], { stroke: palette.muted, strokeDasharray: '1 4' }),
      rowNames(Plot, heads, 'label', { fontWeight: 600 }),
      rowNames(Plot, points, 'label'),
      Plot.link(points, {
        x1: ({ lower }) => Math.max(0.4, lower),
        x2: 'upper',
        y: 'key',
        stroke: palette.accent,
        strokeWidth: 2,
      }),
      Plot.dot(points, { x: 'estimate', y: 'key', r: 4, fill: palette.accent }),
      Plot.text(points, {
        frameAnchor: 'right',
        y: 'key',
        text: ({ estimate }) => estimate.toFixed(2),
        textAnchor: 'start',
        dx: 12,
      }),
    ],
  });
}
