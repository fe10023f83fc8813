import type { ImageShape } from '../images/pixels.js';
import type { ResizePolicy } from '../images/resize.js';
import { inDouble, inFloat } from './casts.js';
import { Graph, type Value } from './graph.js';
import { doubles } from './tensor-data.js';

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
  const height = inDouble(graph, size.height);
  const width = inDouble(graph, size.width);
  const shrunk = (side: Value, frame: number) => graph.node('Div', [graph.double(frame), side]);
  const ratio =
    fit === 'pad'
      ? graph.node('Min', [shrunk(height, frameHeight), shrunk(width, frameWidth)])
      : undefined;
  const rows = axisWeights(graph, height, frameHeight, ratio, method, 'rows');
  const columns = axisWeights(graph, width, frameWidth, ratio, method, 'columns');
  const narrowed = graph.node('MatMul', [inDouble(graph, images), columns]);
  return inFloat(graph, graph.node('MatMul', [rows, narrowed]));
}

/**
 * What each place of the frame takes of each place of a line, float64; zeros where the frame is padded.
 *
 * @returns [frame, places] for rows, [places, frame] for columns: older runtimes fail at a float64 matrix that is turned before a product
 */
function axisWeights(
  graph: Graph,
  places: Value,
  frame: number,
  ratio: Value | undefined,
  method: ResizePolicy['method'],
  axis: 'rows' | 'columns',
): Value {
  const op = (name: string, ...inputs: (Value | number)[]) =>
    graph.node(
      name,
      inputs.map((input) => (typeof input === 'number' ? graph.double(input) : input)),
    );
  const filled = ratio
    ? op('Max', 1, op('Floor', op('Add', op('Mul', places, ratio), 0.5)))
    : undefined;
  const before = filled && op('Floor', op('Mul', op('Sub', frame, filled), 0.5));
  const counted = Array.from({ length: frame }, (_, i) => i);
  const numbers = graph.constant(doubles(counted, axis === 'rows' ? [frame, 1] : [1, frame]));
  const range = op('Range', 0, places, 1);
  const line: Line = {
    out: before ? op('Sub', numbers, before) : numbers,
    place: graph.node('Unsqueeze', [range, graph.longs(axis === 'rows' ? 0 : 1)]),
    step: op('Div', places, filled ?? frame),
    places,
  };
  const weights = method === 'area' ? areaWeights(op, line) : bilinearWeights(op, line);
  if (!filled) return weights;
  const inside = op('And', op('GreaterOrEqual', line.out, 0), op('Less', line.out, filled));
  return op('Where', inside, weights, 0);
}

type Operation = (name: string, ...inputs: (Value | number)[]) => Value;
type Line = Readonly<Record<'out' | 'place' | 'step' | 'places', Value>>;

/** Overlap of each place with the span [out * step, (out + 1) * step), as a share of that. */
function areaWeights(op: Operation, { out, place, step, places }: Line): Value {
  const start = op('Mul', out, step);
  const end = op('Min', op('Mul', op('Add', out, 1), step), places);
  const overlap = op('Sub', op('Min', op('Add', place, 1), end), op('Max', place, start));
  return op('Div', op('Max', overlap, 0), op('Sub', end, start));
}

/** Half-pixel centres, the border repeated. */
function bilinearWeights(op: Operation, { out, place, step, places }: Line): Value {
  const centre = op('Sub', op('Mul', op('Add', out, 0.5), step), 0.5);
  const kept = op('Min', op('Max', centre, 0), op('Sub', places, 1));
  return op('Max', op('Sub', 1, op('Abs', op('Sub', place, kept))), 0);
}
