import type { Graph, Value } from './graph.js';

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
  const unit = graph.node('Div', [images, white]);
  // How far pixels are out of range, in sum: NaN where one is, whatever a runtime clips it to. Comparing each pixel costs ten times that.
  const clipped = graph.node('Clip', [unit, graph.float(0), graph.float(1)]);
  const away = graph.node('Abs', [graph.node('Sub', [unit, clipped])]);
  const sum = graph.node('ReduceSum', [away, graph.longs(1, 2, 3)], { keepdims: { int: 1 } });
  const bad = graph.node('Not', [graph.node('LessOrEqual', [sum, graph.float(0)])]);
  const clean = graph.node('Where', [bad, graph.float(0), unit]);
  const planes =
    channels === 1
      ? graph.node('Squeeze', [clean, graph.longs(3)])
      : graph.node('Transpose', [clean], { perm: { ints: [0, 3, 1, 2] } });
  return {
    pixels: channels === 1 ? graph.node('Unsqueeze', [planes, graph.longs(1)]) : planes,
    invalid: graph.node('Reshape', [bad, graph.longs(-1)]),
  };
}
