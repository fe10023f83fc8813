import { stagesOf } from '../backbones/resnet-autoencoder.js';
import type { EncoderParts } from './encoder-parts.js';
import { activated, convolved, foldedConvolution, type MapValue } from './layer-nodes.js';

type Network = Pick<EncoderParts, 'graph' | 'cursor' | 'precision'>;

/** The maps of the stages of a ResNet-18. */
export function resnetMaps(
  { images, ...network }: Network & Pick<EncoderParts, 'images'>,
  options: { readonly width: number },
): MapValue[] {
  const maps: MapValue[] = [];
  let map = layer(network, images, 2, 0);
  for (const blocks of stagesOf(options)) {
    for (const { stride, outputChannels } of blocks)
      map = residualBlock(network, map, stride, outputChannels);
    maps.push(map);
  }
  return maps;
}

/** Two convolutions beside a shortcut, which is one of its own where the shape changes, and ReLU after their sum. */
export function residualBlock(
  network: Network,
  map: MapValue,
  stride: number,
  outputs: number,
): MapValue {
  const residual = layer(network, layer(network, map, stride, 0), 1, 1);
  const same = stride === 1 && map.channels === outputs;
  const shortcut = same ? map : layer(network, map, stride, 1);
  const { graph } = network;
  const sum = { ...residual, value: graph.node('Add', [residual.value, shortcut.value]) };
  return activated(graph, sum, 0);
}

/** The next convolution with its normalisation and leaky ReLU. */
function layer(
  { graph, cursor, precision }: Network,
  map: MapValue,
  stride: number,
  slope: number,
): MapValue {
  return activated(
    graph,
    convolved(graph, map, foldedConvolution(cursor, stride), precision),
    slope,
  );
}
