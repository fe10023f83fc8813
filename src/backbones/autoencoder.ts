import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { ImageShape } from '../images/pixels.js';
import { check } from '../support/check.js';
import { l2Normalize } from '../support/tensors.js';
import type { Backbone } from './backbone.js';
import { type Layer, variablesOf } from './layers/layer.js';

/** The four sections of an autoencoder with a unit embedding in its middle. */
export interface AutoencoderSections {
  readonly inputShape: ImageShape;
  readonly embeddingSize: number;
  readonly config: Backbone['config'];
  /** [height, width] of the map of each level. */
  readonly mapSizes: NonNullable<Backbone['mapSizes']>;
  /** The levels of the encoder, one after the other; each makes the next map, the first of images. */
  readonly levels: readonly Layer[];
  /** The last map to the embedding, not yet of unit length. */
  readonly projection: Layer<Tensor4D, Tensor2D>;
  /** The unit embedding to the decoder's first map; absent where the decoder starts from the encoder's last map. */
  readonly expansion?: Layer<Tensor2D, Tensor4D>;
  /** The decoder's first map to images. */
  readonly decoder: Layer;
}

/** Joins the sections to a Backbone, and guards the shapes on the way in. */
export function autoencoder(where: string, sections: AutoencoderSections): Backbone {
  const { inputShape, embeddingSize, levels, projection, expansion, decoder } = sections;
  const layers = [...levels, projection, expansion, decoder].filter((layer) => layer !== undefined);
  const { trainable, statistics } = variablesOf(layers);
  return {
    inputShape,
    embeddingSize,
    mapSizes: sections.mapSizes,
    encode(images, training) {
      checkShape(where, 'images', images, inputShape);
      const maps: Tensor4D[] = [];
      for (const level of levels) maps.push(level.apply(maps.at(-1) ?? images, training));
      const features = maps[maps.length - 1];
      const embeddings = l2Normalize(projection.apply(features, training));
      return expansion ? { embeddings, maps } : { embeddings, features, maps };
    },
    decode(encoded, training) {
      if (expansion) {
        const { embeddings } = encoded;
        checkShape(where, 'embeddings', embeddings, [embeddingSize]);
        return decoder.apply(expansion.apply(embeddings, training), training);
      }
      const { features } = encoded;
      check(
        features !== undefined,
        'SHAPE_MISMATCH',
        () =>
          `${where}: decode was given no features but decodes from them; pass on what encode returned.`,
      );
      return decoder.apply(features as Tensor4D, training);
    },
    trainable,
    statistics,
    config: sections.config,
    dispose: () => tf.dispose([...trainable, ...statistics]),
  };
}

/** A batch of the shape the network was built for, or SHAPE_MISMATCH with both shapes. */
export function checkShape(
  where: string,
  name: string,
  batch: Tensor,
  expected: readonly number[],
): void {
  check(
    batch.rank === expected.length + 1 && expected.every((size, i) => batch.shape[i + 1] === size),
    'SHAPE_MISMATCH',
    () =>
      `${where}: ${name} has shape [${batch.shape.join(', ')}]; expected [batch, ${expected.join(', ')}]; bring it to that shape or build the backbone for the one it has.`,
    { shape: batch.shape, expected },
  );
}

/** The last step of a decoder: its values as they are, or squeezed into (-1, 1) or (0, 1). */
export function outputLayer(activation: 'linear' | 'tanh' | 'sigmoid'): Layer {
  const apply = (x: Tensor4D) =>
    activation === 'tanh' ? tf.tanh(x) : activation === 'sigmoid' ? tf.sigmoid(x) : x;
  return { apply, trainable: [], statistics: [] };
}
