import type { ConvAutoencoderOptions } from '../../backbones/conv-autoencoder.js';
import { halvings } from '../../backbones/layers/upsample.js';
import { matrixOfMap } from '../layouts.js';
import {
  convolution,
  expansion,
  type Filter,
  lastConvolution,
  linear,
  type Part,
  sizeOf,
} from './parts.js';

/** The parts of convAutoencoder, in their order. */
export function convParts(options: Required<ConvAutoencoderOptions>): Part[] {
  const { inputShape, channels, convsPerLevel, decodeFrom, embeddingSize, upsampling } = options;
  const levels = channels.length;
  const [height, width] = halvings(inputShape, levels)[levels];
  const lastMap = [height, width, channels[levels - 1]] as const;
  const indices = Array.from({ length: convsPerLevel }, (_, index) => index);
  const encoder = channels.flatMap((outputs, level) =>
    indices.map((index) => {
      const first = level === 0 ? inputShape[2] : channels[level - 1];
      return convolution(`encoder.${level}.${index}`, [outputs, index === 0 ? first : outputs, 3]);
    }),
  );
  const decoder = channels.flatMap((_, step) => {
    const level = levels - 1 - step;
    const between = channels[Math.max(0, level - 1)];
    return indices.map((index) => {
      const name = `decoder.${level}.${index}`;
      const last = level === 0 && index === convsPerLevel - 1;
      const inputs = index === 0 ? channels[level] : between;
      const outputs = last ? inputShape[2] : between;
      const transposed = index === 0 && upsampling === 'transpose';
      const filter: Filter = transposed ? [inputs, outputs, 4] : [outputs, inputs, 3];
      return last ? lastConvolution(name, filter, outputs) : convolution(name, filter, outputs);
    });
  });
  return [
    ...encoder,
    linear('projection', [embeddingSize, sizeOf(lastMap)], matrixOfMap(lastMap), true),
    ...(decodeFrom === 'embedding' ? expansion(embeddingSize, lastMap) : []),
    ...decoder,
  ];
}
