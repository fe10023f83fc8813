import { check } from '../../support/check.js';
import { checkHasLists } from '../../support/check-kinds.js';
import type { EmbeddingProjection } from '../content/report-input.js';
import { figureWidth, openDrawing, toSvg } from '../drawing/drawing.js';
import { legend, type PointStyle } from '../drawing/legend.js';
import { palette } from '../drawing/palette.js';

type ProjectedGroup = EmbeddingProjection['groups'][number];

/** Drawn in this order: what is rare lies on top. Shapes repeat the colours. */
const styles: Readonly<Record<ProjectedGroup, PointStyle & { readonly text: string }>> = {
  trainingNormal: { text: 'training normal', fill: palette.muted, fillOpacity: 0.45, r: 2 },
  testNormal: { text: 'test normal', fill: palette.normal, fillOpacity: 0.85, r: 2.75 },
  testAbnormal: {
    text: 'test abnormal',
    fill: palette.abnormal,
    fillOpacity: 0.85,
    symbol: 'triangle',
    r: 3,
  },
  knownAnomaly: {
    text: 'known anomaly',
    fill: 'none',
    stroke: palette.series[2],
    strokeWidth: 1.75,
    symbol: 'diamond',
    r: 4,
  },
};

const groups = Object.keys(styles) as ProjectedGroup[];

/**
 * Draws embeddings in the plane, a point an image: what was trained on, and the test images by class.
 *
 * Axes have no unit and no name: in such a projection only what lies close together means something.
 *
 * @param projection as `projectEmbeddings` gives it, with what each image is.
 * @returns the source of an SVG; colours follow the text around it.
 * @throws INVALID_OPTION, EMPTY_SET, SHAPE_MISMATCH, MISSING_PEER
 * @example
 * const { xs, ys } = await projectEmbeddings(embeddings);
 * const svg = await figures.projection({ xs, ys, groups });
 */
export async function projectionFigure(projection: EmbeddingProjection): Promise<string> {
  checkHasLists('figures.projection', 'projection', projection, ['xs', 'ys', 'groups']);
  const { xs, ys, groups: of } = projection;
  check(
    xs.length > 0,
    'EMPTY_SET',
    () => 'figures.projection: xs is empty; expected at least one point.',
  );
  check(
    xs.length === ys.length && xs.length === of.length,
    'SHAPE_MISMATCH',
    () =>
      `figures.projection: got ${xs.length} xs, ${ys.length} ys and ${of.length} groups; expected one of each per image.`,
  );
  const drawing = await openDrawing('figures.projection');
  const { Plot, document } = drawing;
  const present = groups
    .map((group) => ({
      style: styleOf(group),
      name: styles[group].text,
      points: of.flatMap((one, i) => (one === group ? [{ x: xs[i], y: ys[i] }] : [])),
    }))
    .filter(({ points }) => points.length > 0);
  const plot = Plot.plot({
    document,
    width: figureWidth,
    height: figureWidth + 12,
    margin: 6,
    marginBottom: 18,
    axis: null,
    inset: 10,
    x: { domain: rangeOf(xs) },
    y: { domain: rangeOf(ys) },
    marks: [
      Plot.frame({ stroke: palette.muted, strokeOpacity: 0.5 }),
      ...present.map(({ style, points }) => Plot.dot(points, { x: 'x', y: 'y', ...style })),
    ],
  });
  const entries = present.map(({ name, style, points }) => ({
    name: `${name}, ${points.length}`,
    point: { ...style, fillOpacity: undefined, r: Math.max(4, style.r) },
  }));
  const text = {
    label: 'Projection of the embeddings',
    description: `${present.map(({ name, points }) => `${points.length} ${name}`).join(', ')}.`,
  };
  return toSvg(drawing, text, [plot, legend(drawing, entries, 6)]);
}

function styleOf(kind: ProjectedGroup): PointStyle {
  const { text: _, ...style } = styles[kind];
  return style;
}

/** One point has no range of its own. */
function rangeOf(values: ArrayLike<number>): [number, number] {
  let [least, most] = [values[0], values[0]];
  for (let i = 1; i < values.length; i++) {
    least = Math.min(least, values[i]);
    most = Math.max(most, values[i]);
  }
  return least === most ? [least - 0.5, most + 0.5] : [least, most];
}
