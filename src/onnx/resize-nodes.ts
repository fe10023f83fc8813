import type { ImageShape } from '../images/pixels.js';
import type { ResizePolicy } from '../images/resize.js';
import { Graph, type Value } from './graph.js';
import { longs } from './tensor-data.js';

const DOUBLE = { to: { int: 11 } };
const FLOAT = { to: { int: 1 } };

/**
 * Images of any size brought to the network's as `resize` of the library does it: weighted means in float64, columns before rows. Two
 * products with weights that the graph makes of the size that comes, since ONNX's own Resize is none of these means.
 * Images of the right size are passed on.
 *
 * @param images [images, channels, height, width]
 * @returns [images, channels, ...size]
 */
export function resized(
  graph: Graph,
  images: Value,
  [frameHeight, frameWidth, channels]: ImageShape,
  policy: ResizePolicy,
): Value {
  const shape = graph.node('Shape', [images]);
  const [height, width] = [2, 3].map((axis) => graph.node('Gather', [shape, graph.long(axis)]));
  const fits = graph.node('And', [
    graph.node('Equal', [height, graph.long(frameHeight)]),
    graph.node('Equal', [width, graph.long(frameWidth)]),
  ]);
  const asItIs = new Graph('same_');
  const branch = { type: 'float32' as const, dims: ['images', channels, 'rows', 'columns'] };
  asItIs.output(images, { ...branch, name: 'same_images' });
  const other = new Graph('resized_');
  const size = { height, width };
  other.output(weighted(other, images, size, [frameHeight, frameWidth], policy), {
    ...branch,
    name: 'resized_images',
  });
  const result = graph.node('If', [fits], {
    then_branch: { graph: asItIs },
    else_branch: { graph: other },
  });
  return graph.node('Reshape', [result, graph.longs(0, channels, frameHeight, frameWidth)]);
}

function weighted(
  graph: Graph,
  images: Value,
  size: { readonly height: Value; readonly width: Value },
  [frameHeight, frameWidth]: readonly [number, number],
  { method, fit }: ResizePolicy,
): Value {
  const height = graph.node('Cast', [size.height], DOUBLE);
  const width = graph.node('Cast', [size.width], DOUBLE);
  const shrunk = (side: Value, frame: number) => graph.node('Div', [graph.double(frame), side]);
  const ratio =
    fit === 'pad'
      ? graph.node('Min', [shrunk(height, frameHeight), shrunk(width, frameWidth)])
      : undefined;
  const rows = axisWeights(graph, height, frameHeight, ratio, method);
  const columns = axisWeights(graph, width, frameWidth, ratio, method);
  const turned = graph.node('Transpose', [columns], { perm: { ints: [1, 0] } });
  const narrowed = graph.node('MatMul', [graph.node('Cast', [images], DOUBLE), turned]);
  return graph.node('Cast', [graph.node('MatMul', [rows, narrowed])], FLOAT);
}

/** What each place of the frame takes of each place of a line, [frame, places], float64; zeros where the frame is padded. */
function axisWeights(
  graph: Graph,
  places: Value,
  frame: number,
  ratio: Value | undefined,
  method: ResizePolicy['method'],
): Value {
  const [zero, one, half] = [0, 1, 0.5].map((value) => graph.double(value));
  const op = (name: string, ...inputs: Value[]) => graph.node(name, inputs);
  const whole = graph.double(frame);
  const filled = ratio
    ? op('Max', one, op('Floor', op('Add', op('Mul', places, ratio), half)))
    : whole;
  const before = op('Floor', op('Mul', op('Sub', whole, filled), half));
  const numbers = graph.constant(
    longs(
      Array.from({ length: frame }, (_, i) => i),
      [frame, 1],
    ),
  );
  const out = op('Sub', graph.node('Cast', [numbers], DOUBLE), before);
  const place = op('Range', zero, places, one);
  const step = op('Div', places, filled);
  const weights =
    method === 'area'
      ? areaWeights(op, { out, place, step, places, zero, one })
      : bilinearWeights(op, { out, place, step, places, zero, one, half });
  const inside = op('And', op('GreaterOrEqual', out, zero), op('Less', out, filled));
  return op('Where', inside, weights, zero);
}

type Operation = (name: string, ...inputs: Value[]) => Value;
type Line = Readonly<Record<'out' | 'place' | 'step' | 'places' | 'zero' | 'one', Value>>;

/** Overlap of each place with the span [out * step, (out + 1) * step), as a share of that. */
function areaWeights(op: Operation, { out, place, step, places, zero, one }: Line): Value {
  const start = op('Mul', out, step);
  const end = op('Min', op('Mul', op('Add', out, one), step), places);
  const overlap = op('Sub', op('Min', op('Add', place, one), end), op('Max', place, start));
  return op('Div', op('Max', overlap, zero), op('Sub', end, start));
}

/** Half-pixel centres, the border repeated. */
function bilinearWeights(
  op: Operation,
  { out, place, step, places, zero, one, half }: Line & { readonly half: Value },
): Value {
  const centre = op('Sub', op('Mul', op('Add', out, half), step), half);
  const kept = op('Min', op('Max', centre, zero), op('Sub', places, one));
  return op('Max', op('Sub', one, op('Abs', op('Sub', place, kept))), zero);
}
