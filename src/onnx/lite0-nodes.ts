import type { Backbone } from '../backbones/backbone.js';
import { fingerprintOfWeights, packagedWeights } from '../encoders/efficientnet-lite0.js';
import { type ConvolutionShape, lite0Blocks } from '../encoders/lite0-blocks.js';
import { type ConvolutionWeights, unpackWeights } from '../encoders/unpack-weights.js';
import { check } from '../support/check.js';
import type { EncodedValues, EncoderParts } from './encoder-parts.js';
import { convolved, type MapValue, pooled, unitRows } from './layer-nodes.js';

/** EfficientNet-Lite0, whose weights are in no file of a model. @throws INVALID_OPTION for other weights | MISSING_WEIGHTS */
export async function lite0(
  { fingerprint }: Backbone['config'],
  parts: EncoderParts,
): Promise<EncodedValues> {
  const { where, graph, images, given } = parts;
  const bytes = given ?? (await packagedWeights(where));
  const found = fingerprintOfWeights(bytes);
  check(
    found === fingerprint,
    'INVALID_OPTION',
    () =>
      `${where}: the encoder's weights have the fingerprint '${found}', those that the model was made with '${fingerprint}'; expected the same; give their bytes as encoder.`,
    { found, fingerprint },
  );
  const blocks = lite0Blocks();
  const weights = unpackWeights(where, bytes, blocks).values();
  const maps: MapValue[] = [];
  let map = images;
  for (const { convolutions, residual, map: isRead } of blocks) {
    const input = map;
    for (const shape of convolutions)
      map = clipped(parts, map, shape, weights.next().value as ConvolutionWeights);
    if (residual) map = { ...map, value: graph.node('Add', [input.value, map.value]) };
    if (isRead) maps.push(map);
  }
  return { embeddings: unitRows(graph, pooled(graph, map)), maps };
}

function clipped(
  { graph, precision }: EncoderParts,
  map: MapValue,
  shape: ConvolutionShape,
  { filter, bias }: ConvolutionWeights,
): MapValue {
  const forGrey = shape.inputs === 3 && map.channels === 1;
  const numbers = { ...shape, bias, filter: forGrey ? summed(filter, shape.outputs) : filter };
  const output = convolved(graph, map, numbers, precision);
  if (!shape.clipped) return output;
  const limits = [graph.float(0), graph.float(6)];
  return { ...output, value: graph.node('Clip', [output.value, ...limits]) };
}

/** The filter that does to grey what this one does to grey repeated over its three channels. */
function summed(filter: Float32Array, outputs: number): Float32Array {
  return Float32Array.from({ length: filter.length / 3 }, (_, i) => {
    const [place, output] = [Math.floor(i / outputs), i % outputs];
    const at = (input: number) => filter[(place * 3 + input) * outputs + output];
    return at(0) + at(1) + at(2);
  });
}
