import { transformations } from '../baselines/networks/transformations.js';
import { rowSum } from './bank-nodes.js';
import { convVectors } from './conv-vectors.js';
import type { DetectorParts, ScoredValues } from './detector-parts.js';
import { floats, longs } from './tensor-data.js';
import { WeightCursor } from './weights.js';

/** How unusual a classifier's probabilities of geometric transformations are; each image goes through it once for each of them. */
export function geometricTransformations(parts: DetectorParts): ScoredValues {
  const { where, graph, images, config, tensors, held } = parts;
  const { channels, activationSlope, ...chosen } = config as unknown as {
    channels: readonly number[];
    activationSlope: number;
    flips: boolean;
    rotations: boolean;
    translation: number;
  };
  const all = transformations(where, config.inputShape, chosen);
  const count = all.length;
  const [height, width] = images.size;
  const size = height * width * images.channels;
  // From the places of [height, width, channels] to those of [channels, height, width].
  const first = (place: number) =>
    (place % images.channels) * height * width + Math.floor(place / images.channels);
  const taken = new Array<number>(count * size);
  all.forEach((places, t) => {
    places.forEach((from, to) => {
      taken[t * size + first(to)] = first(from);
    });
  });
  const flat = graph.node('Flatten', [images.value]);
  const moved = graph.node('Gather', [flat, graph.constant(longs(taken, [count, size]))], {
    axis: { int: 1 },
  });
  const value = graph.node('Reshape', [moved, graph.longs(-1, images.channels, height, width)]);
  // A filter, a scale and an offset a level, and the linear map with its bias.
  const cursor = new WeightCursor(tensors, 3 * channels.length + 2);
  const network = { graph, cursor, precision: held.weights };
  const logits = convVectors(network, { ...images, value }, { channels, activationSlope }, true);
  const logarithms = graph.node('LogSoftmax', [logits], { axis: { int: -1 } });
  const { values: exponents } = cursor.nextRecorded();
  const each = graph.node('Reshape', [logarithms, graph.longs(-1, count * count)]);
  const weighed = graph.node('Mul', [each, graph.constant(floats(exponents, [count * count]))]);
  return { score: graph.node('Div', [rowSum(graph, weighed), graph.float(-count)]) };
}
