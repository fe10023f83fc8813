import { halvings } from '../backbones/layers/upsample.js';
import {
  type ResnetAutoencoderOptions,
  resolveResnet,
  sizesOfGrowth,
  stagesOf,
} from '../backbones/resnet-autoencoder.js';
import type { EncodedValues, EncoderParts } from './encoder-parts.js';
import { doubled, expanded } from './expansion-nodes.js';
import type { Value } from './graph.js';
import { convolved, type MapValue, plainConvolution, squeezed } from './layer-nodes.js';
import { residualBlock } from './residual-nodes.js';

/** What the decoder of a `resnetAutoencoder` makes of what its encoder gives: images. */
export function resnetDecoded(
  given: ResnetAutoencoderOptions,
  parts: EncoderParts,
  { embeddings, maps }: EncodedValues,
): Value {
  const { where, graph, cursor, precision } = parts;
  const options = resolveResnet(where, given);
  const stages = stagesOf(options);
  const sizes = halvings(options.inputShape, stages.length);
  let map = maps[maps.length - 1];
  if (options.decodeFrom === 'embedding') map = grown(parts, embeddings, map);
  for (let stage = stages.length - 1; stage >= 0; stage--) {
    // What halved, and widened, on the way there is the first block of a stage, whose mirror image comes last.
    const [{ stride, inputChannels, outputChannels }] = stages[stage];
    map = residualBlock(parts, map, 1, outputChannels);
    if (stride === 2) map = doubled(graph, map, sizes[stage]);
    map = residualBlock(parts, map, 1, inputChannels);
  }
  map = convolved(graph, doubled(graph, map, sizes[0]), plainConvolution(cursor), precision);
  return squeezed(graph, map.value, options.outputActivation);
}

/** The embedding as a small map that is doubled up to the size of the encoder's last one. */
function grown(parts: EncoderParts, embeddings: Value, { size, channels }: MapValue): MapValue {
  const sizes = sizesOfGrowth(size);
  const first = expanded(parts, embeddings, { size: sizes[0], channels }, 0);
  return sizes.slice(1).reduce((map, next) => doubled(parts.graph, map, next), first);
}
