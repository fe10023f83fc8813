import type { Network } from './inference.js';

/** A network as JSON, from which `load` makes it anew. */
export function networkConfig({ backbone, preparation }: Network) {
  const { name, options } = preparation.normalization;
  return {
    backbone: backbone.config,
    imageNormalization: { name, options },
    resize: preparation.resize,
  };
}
