import type { ImageNormalization } from '../images/image-normalization.js';
import { boxWeights, LOCAL_CONTRAST, radiusOf } from '../images/local-contrast.js';
import type { ImageShape } from '../images/pixels.js';
import { SaladError } from '../support/errors.js';
import { alongAxis } from './along-axis.js';
import { inDouble, inFloat } from './casts.js';
import type { Graph, Value } from './graph.js';
import { doubles } from './tensor-data.js';

/** The model's image normalisation, [images, channels, height, width] to the same. @throws INVALID_OPTION for one of the user's own */
export function normalizedImages(
  where: string,
  graph: Graph,
  images: Value,
  shape: ImageShape,
  { name, options }: Pick<ImageNormalization, 'name' | 'options'>,
): Value {
  if (name === 'none') return images;
  if (name === 'localContrast')
    return localContrastOf(graph, images, shape, options as { radius?: number });
  if (name === 'equalize') return equalized(graph, images, shape);
  throw new SaladError(
    'INVALID_OPTION',
    `${where}: the model's image normalisation is '${name}', code that no graph can hold; expected none(), equalize() or localContrast(); apply yours to the images beforehand, and make the model with none().`,
    { name },
  );
}

function localContrastOf(
  graph: Graph,
  images: Value,
  [height, width]: ImageShape,
  options: { readonly radius?: number },
): Value {
  const { epsilon, scale, limit } = LOCAL_CONTRAST;
  const radius = radiusOf(options.radius, height, width);
  const boxMean = (maps: Value, times = 1) => {
    const rows = boxWeights(height, radius).map((weight) => weight * times);
    const wide = alongAxis(graph, maps, boxWeights(width, radius), [width, width], 'width');
    return alongAxis(graph, wide, rows, [height, height], 'height');
  };
  // Around 0 float32 is finer than around the grey of a film.
  const around = graph.node('Sub', [images, graph.float(0.5)]);
  const deviation = graph.node('Sub', [around, boxMean(around)]);
  // Its factor is in the divisor, one pass less: scale d / (sqrt(v) + epsilon) = d / (sqrt(v / scale^2) + epsilon / scale).
  const variance = boxMean(graph.node('Mul', [deviation, deviation]), 1 / scale ** 2);
  const spread = graph.node('Add', [graph.node('Sqrt', [variance]), graph.float(epsilon / scale)]);
  const contrast = graph.node('Div', [deviation, spread]);
  return graph.node('Clip', [contrast, graph.float(-limit), graph.float(limit)]);
}

/** Ranks in [-1, 1], equal pixels sharing the mean of theirs: sorted, numbered by group, and put back. */
function equalized(graph: Graph, images: Value, [height, width, channels]: ImageShape): Value {
  const size = height * width;
  // One pixel has no rank among others.
  if (size === 1) return graph.node('Mul', [images, graph.float(0)]);
  const planes = graph.node('Reshape', [images, graph.longs(0, channels, size)]);
  const [sorted, places] = graph.nodeOf(
    'TopK',
    [planes, graph.longs(size)],
    { axis: { int: -1 }, largest: { int: 0 }, sorted: { int: 1 } },
    2,
  );
  const part = (first: number, end: number) =>
    graph.node('Slice', [sorted, graph.longs(first), graph.longs(end), graph.longs(2)]);
  const differs = graph.node('Not', [graph.node('Equal', [part(1, size), part(0, size - 1)])]);
  const steps = graph.node('Cast', [differs], { to: { int: 7 } });
  const padded = graph.node('Pad', [steps, graph.longs(0, 0, 1, 0, 0, 0)]);
  const group = graph.node('CumSum', [padded, graph.long(2)]);
  const zeros = graph.node('Mul', [inDouble(graph, sorted), graph.double(0)]);
  const summed = (values: Value) =>
    graph.node('ScatterElements', [zeros, group, graph.node('Add', [zeros, values])], {
      axis: { int: 2 },
      reduction: { text: 'add' },
    });
  const numbers = graph.constant(
    doubles(
      Array.from({ length: size }, (_, i) => i),
      [size],
    ),
  );
  const ofGroup = (values: Value) =>
    graph.node('GatherElements', [values, group], { axis: { int: 2 } });
  const rank = graph.node('Div', [ofGroup(summed(numbers)), ofGroup(summed(graph.double(1)))]);
  const scaled = graph.node('Mul', [rank, graph.double(2 / (size - 1))]);
  const level = inFloat(graph, graph.node('Sub', [scaled, graph.double(1)]));
  const back = graph.node('ScatterElements', [planes, places, level], { axis: { int: 2 } });
  return graph.node('Reshape', [back, graph.longs(0, channels, height, width)]);
}
