import { rowSum } from './bank-nodes.js';
import type { DetectorParts, ScoredValues } from './detector-parts.js';
import type { Graph, Value } from './graph.js';
import type { MapValue } from './layer-nodes.js';
import { normalizedImages } from './normalization-nodes.js';
import { floats } from './tensor-data.js';

/** The mean of an image's pixels. */
export function meanIntensity({ graph, images }: DetectorParts): ScoredValues {
  return { score: meanOf(graph, images.value, images.size[0] * images.size[1] * images.channels) };
}

/** Smoothness, as `textureScores` measures it. */
export function texture(parts: DetectorParts): ScoredValues {
  const { where, graph, images, config } = parts;
  const { measure } = config as unknown as {
    measure: 'localContrast' | 'laplacian' | 'fineTexture';
  };
  const [height, width] = images.size;
  const shape = [height, width, images.channels] as const;
  const step = { name: measure === 'laplacian' ? 'none' : 'localContrast', options: {} };
  const value = normalizedImages(where, graph, images.value, shape, step);
  const within = measure === 'localContrast' ? value : laplacian(graph, { ...images, value });
  const off = measure === 'localContrast' ? 0 : 2;
  const each =
    measure === 'laplacian' ? graph.node('Mul', [within, within]) : graph.node('Abs', [within]);
  const count = (height - off) * (width - off) * images.channels;
  return { score: graph.node('Neg', [meanOf(graph, each, count)]) };
}

/** Up + down + left + right - 4 centre of each pixel off the border, channel by channel. */
function laplacian(graph: Graph, { value, channels }: MapValue): Value {
  const one = [0, 1, 0, 1, -4, 1, 0, 1, 0];
  const filter = Float32Array.from({ length: 9 * channels }, (_, i) => one[i % 9]);
  return graph.node('Conv', [value, graph.constant(floats(filter, [channels, 1, 3, 3]))], {
    group: { int: channels },
    kernel_shape: { ints: [3, 3] },
  });
}

function meanOf(graph: Graph, value: Value, count: number): Value {
  return graph.node('Div', [rowSum(graph, graph.node('Flatten', [value])), graph.float(count)]);
}
