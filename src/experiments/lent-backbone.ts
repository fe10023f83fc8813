import type { Backbone } from '../backbones/backbone.js';

/** A backbone that several models use in turn: none of them frees it. */
export function lentBackbone(backbone: Backbone): Backbone {
  const { inputShape, embeddingSize, mapSizes, trainable, statistics, config } = backbone;
  return {
    inputShape,
    embeddingSize,
    mapSizes,
    encode: (images, training) => backbone.encode(images, training),
    ...(backbone.infer && { infer: backbone.infer.bind(backbone) }),
    ...(backbone.decode && { decode: backbone.decode.bind(backbone) }),
    trainable,
    statistics,
    config,
    dispose() {},
  };
}
