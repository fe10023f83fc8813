import type { RectYOptions } from '@observablehq/plot';
import { check } from '../../support/check.js';
import { checkHasLists } from '../../support/check-kinds.js';
import { formatNumber, labelName } from '../content/format.js';
import type { LabelledScores } from '../content/report-input.js';
import { figureWidth, openDrawing, toSvg } from '../drawing/drawing.js';
import { type LineStyle, legend } from '../drawing/legend.js';
import { palette } from '../drawing/palette.js';

const marginLeft = 52;

/**
 * Draws how the scores of each class spread, normal images above abnormal ones, with the threshold as a rule.
 *
 * Bars are shares of their own class, so a rare class can be read beside a common one.
 *
 * @param input scores (finite), one label each (0 normal, 1 abnormal), and the threshold in use.
 * @returns the source of an SVG; colours follow the text around it.
 * @throws INVALID_OPTION, EMPTY_SET, LABELS_MISMATCH, NOT_FINITE, MISSING_PEER
 * @example
 * const svg = await figures.scores({ scores: [0.1, 0.2, 0.9], labels: [0, 0, 1], threshold: 0.5 });
 */
export async function scoresFigure(input: LabelledScores): Promise<string> {
  checkHasLists('figures.scores', 'input', input, ['scores', 'labels']);
  const { scores, labels } = input;
  // An infinite threshold flags nothing, and has no place on the scale.
  const thresholds = [input.threshold].filter((threshold) =>
    Number.isFinite(threshold),
  ) as number[];
  check(
    scores.length > 0,
    'EMPTY_SET',
    () => 'figures.scores: scores is empty; expected at least one score.',
  );
  check(
    scores.length === labels.length,
    'LABELS_MISMATCH',
    () =>
      `figures.scores: got ${scores.length} scores and ${labels.length} labels; expected one label per score.`,
  );
  const unusable = Array.from(scores).findIndex((score) => !Number.isFinite(score));
  check(
    unusable < 0,
    'NOT_FINITE',
    () =>
      `figures.scores: scores[${unusable}] is ${scores[unusable]}; expected finite numbers; look at the image or model that gave it.`,
  );
  const drawing = await openDrawing('figures.scores');
  const { Plot, document } = drawing;
  const rows = Array.from(scores, (score, i) => ({ score, class: labelName(labels[i]) }));
  const classes = (['normal', 'abnormal'] as const)
    .map((name) => ({ name, count: rows.filter((row) => row.class === name).length }))
    .filter(({ count }) => count > 0);
  const plot = Plot.plot({
    document,
    width: figureWidth,
    height: 56 + 200 * classes.length,
    marginTop: 24,
    marginBottom: 56,
    marginLeft,
    marginRight: 24,
    x: {
      label: 'anomaly score',
      labelAnchor: 'center',
      labelOffset: 36,
      labelArrow: 'none',
      ticks: 6,
      inset: 4,
    },
    y: { label: null, grid: true, percent: true, ticks: 4, tickFormat: (share) => `${share} %` },
    color: { domain: ['normal', 'abnormal'], range: [palette.normal, palette.abnormal] },
    fy: { domain: classes.map(({ name }) => name), axis: null, padding: 0.22 },
    marks: [
      Plot.rectY(
        rows,
        Plot.binX<RectYOptions>(
          { y: 'proportion-facet' },
          {
            x: 'score',
            fy: 'class',
            fill: 'class',
            insetLeft: 0.5,
            insetRight: 0.5,
            ...bins(scores),
          },
        ),
      ),
      Plot.ruleY([0], { strokeOpacity: 0.5 }),
      Plot.ruleX(thresholds, rule),
      Plot.text(classes, {
        fy: 'name',
        text: ({ name, count }) => `${name}, ${count} ${count === 1 ? 'image' : 'images'}`,
        frameAnchor: 'top-left',
        dy: -20,
        fontWeight: 600,
      }),
    ],
  });
  const key = thresholds.map((threshold) =>
    legend(drawing, [{ name: `threshold ${formatNumber(threshold)}`, style: rule }], marginLeft),
  );
  const text = {
    label: 'Scores by class',
    description: `Histogram of the anomaly scores: ${classes.map(({ name, count }) => `${count} ${name}`).join(', ')}.`,
  };
  return toSvg(drawing, text, [plot, ...key]);
}

const rule: LineStyle = { stroke: 'currentColor', strokeWidth: 1.5, strokeDasharray: '5 3' };

/** About 30 bins with round edges; scores that are all one need a range to stand in. */
function bins(scores: ArrayLike<number>): { thresholds: number; domain?: [number, number] } {
  const first = scores[0];
  const allEqual = Array.from(scores).every((score) => score === first);
  return { thresholds: 30, domain: allEqual ? [first - 0.5, first + 0.5] : undefined };
}
