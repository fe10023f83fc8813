import { check } from '../../support/check.js';
import type { EmbeddingProjection, ProjectedKind } from '../content/report-input.js';
import { figureWidth, openDrawing, toSvg } from '../drawing/drawing.js';
import { legend, type PointStyle } from '../drawing/legend.js';
import { palette } from '../drawing/palette.js';

/** Drawn in this order: what is rare lies on top. Shapes repeat what the colours say. */
const styles: Readonly<Record<ProjectedKind, PointStyle>> = {
  'training normal': { fill: palette.muted, fillOpacity: 0.45, r: 2 },
  'test normal': { fill: palette.normal, fillOpacity: 0.85, r: 2.75 },
  'test abnormal': { fill: palette.abnormal, fillOpacity: 0.85, symbol: 'triangle', r: 3 },
  'known anomaly': {
    fill: 'none',
    stroke: palette.series[2],
    strokeWidth: 1.75,
    symbol: 'diamond',
    r: 4,
  },
};

const kinds = Object.keys(styles) as ProjectedKind[];

/**
 * Draws embeddings in the plane, a point an image: what was trained on, and the test images by class.
 *
 * Axes have no unit and no name: in such a projection only what lies close together means something.
 *
 * @param projection as `projectEmbeddings` gives it, with what each image is.
 * @returns the source of an SVG; colours follow the text around it.
 * @throws EMPTY_SET, SHAPE_MISMATCH, MISSING_PEER
 * @example
 * const { xs, ys } = await projectEmbeddings(embeddings);
 * const svg = await projectionFigure({ xs, ys, kinds });
 */
export async function projectionFigure(projection: EmbeddingProjection): Promise<string> {
  const { xs, ys, kinds: of } = projection;
  check(
    xs.length > 0,
    'EMPTY_SET',
    () => 'projectionFigure: xs is empty; expected at least one point.',
  );
  check(
    xs.length === ys.length && xs.length === of.length,
    'SHAPE_MISMATCH',
    () =>
      `projectionFigure: got ${xs.length} xs, ${ys.length} ys and ${of.length} kinds; expected one of each per image.`,
  );
  const drawing = await openDrawing('projectionFigure');
  const { Plot, document } = drawing;
  const present = kinds
    .map((kind) => ({
      kind,
      points: of.flatMap((one, i) => (one === kind ? [{ x: xs[i], y: ys[i] }] : [])),
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
      ...present.map(({ kind, points }) => Plot.dot(points, { x: 'x', y: 'y', ...styles[kind] })),
    ],
  });
  const entries = present.map(({ kind, points }) => ({
    name: `${kind}, ${points.length}`,
    point: { ...styles[kind], fillOpacity: undefined, r: Math.max(4, styles[kind].r) },
  }));
  const text = {
    label: 'Projection of the embeddings',
    description: `${present.map(({ kind, points }) => `${points.length} ${kind}`).join(', ')}.`,
  };
  return toSvg(drawing, text, [plot, legend(drawing, entries, 6)]);
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
