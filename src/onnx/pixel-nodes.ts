import { inFloat } from './casts.js';
import { Graph, type GraphEnd, type Value } from './graph.js';

/** The largest float32. */
const LARGEST = 3.4028234663852886e38;

/** Images in unit range. */
export interface UnitImages {
  /** [images, channels, height, width], in [0, 1]; of an image that is invalid zeros. */
  readonly pixels: Value;
  /** [images], whether a pixel is NaN or out of range. */
  readonly invalid: Value;
}

/**
 * The inputs of the graph, and its first step.
 *
 * @param size height and width of images; undefined where they may have any.
 *
 * What NaN becomes differs from one runtime to the next, so that it is looked for here, and taken out.
 */
export function unitImages(
  graph: Graph,
  channels: number,
  size: readonly [number, number] | undefined,
): UnitImages {
  const images = graph.input({
    name: 'images',
    type: 'float32',
    dims: ['images', ...(size ?? ['height', 'width']), channels],
    description: `Pixels as they are stored, 0 to maxValue; ${channels === 1 ? 'grey' : 'red, green, blue'}.`,
  });
  const maxValue = graph.input({
    name: 'maxValue',
    type: 'float32',
    dims: ['whites'],
    description:
      'What white is: 255 for 8 bits, 2^bitsStored - 1 for 16, 1 for pixels in [0, 1]; one number, or one an image.',
  });
  const white = graph.node('Reshape', [maxValue, graph.longs(-1, 1, 1, 1)]);
  const bad = graph.node('Not', [inRange(graph, images, white)]);
  const clean = cleaned(graph, images, white, bad, [
    'images',
    ...(size ?? ['rows', 'columns']),
    channels,
  ]);
  const planes =
    channels === 1
      ? graph.node('Squeeze', [clean, graph.longs(3)])
      : graph.node('Transpose', [clean], { perm: { ints: [0, 3, 1, 2] } });
  return {
    pixels: channels === 1 ? graph.node('Unsqueeze', [planes, graph.longs(1)]) : planes,
    invalid: graph.node('Reshape', [bad, graph.longs(-1)]),
  };
}

/**
 * [images, 1, 1, 1], whether all pixels are in 0 to white.
 *
 * The smallest and the largest may pass over NaN, the sum does not. These read each pixel and write none: comparing each costs ten times that.
 */
function inRange(graph: Graph, images: Value, white: Value): Value {
  const axes = [1, 2, 3];
  const zero = graph.float(0);
  return [
    ['GreaterOrEqual', graph.extreme('ReduceMin', images, axes, 1), zero],
    ['LessOrEqual', graph.extreme('ReduceMax', images, axes, 1), white],
    ['GreaterOrEqual', graph.node('ReduceSum', [images, graph.longs(...axes)]), zero],
    // Of white 0 or infinity pixels would become NaN.
    ['Greater', white, zero],
    ['LessOrEqual', white, graph.float(LARGEST)],
  ]
    .map(([name, ...compared]) => graph.node(name, compared))
    .reduce((all, one) => graph.node('And', [all, one]));
}

/** Images over white, zeros for those that are bad; choosing takes longer than dividing, so that it is left out where none is. */
function cleaned(
  graph: Graph,
  images: Value,
  white: Value,
  bad: Value,
  dims: GraphEnd['dims'],
): Value {
  const branch = (name: string, make: (inner: Graph, unit: Value) => Value) => {
    const inner = new Graph(`${name}_`, graph.opset);
    const unit = inner.node('Div', [images, white]);
    inner.output(make(inner, unit), { name: `${name}_images`, type: 'float32', dims });
    return { graph: inner };
  };
  const numbers = inFloat(graph, bad);
  const any = graph.node('Greater', [
    graph.node('ReduceSum', [numbers], { keepdims: { int: 0 } }),
    graph.float(0),
  ]);
  return graph.node('If', [any], {
    then_branch: branch('cleaned', (inner, unit) =>
      inner.node('Where', [bad, inner.float(0), unit]),
    ),
    else_branch: branch('unit', (_, unit) => unit),
  });
}
