import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import type { ImageShape } from '../images/pixels.js';
import { check } from '../support/check.js';
import { l2Normalize } from '../support/tensors.js';
import type { Backbone, BackboneConfig } from './backbone.js';
import type { Layer } from './layers/layer.js';

/** Where a decoder starts: the unit embedding, or the encoder's last map with the embedding as a side head. */
export type DecodeFrom = 'embedding' | 'features';

/** What happens to the decoder's last values: nothing, or squeezed into (-1, 1) or (0, 1). */
export type OutputActivation = 'linear' | 'tanh' | 'sigmoid';

/** The four stretches of an autoencoder with a unit embedding in its middle. */
export interface AutoencoderParts {
  readonly inputShape: ImageShape;
  readonly embeddingSize: number;
  readonly config: BackboneConfig;
  /** Images to the last map. */
  readonly encoder: Layer;
  /** The last map to the embedding, not yet of unit length. */
  readonly projection: Layer<Tensor4D, Tensor2D>;
  /** The unit embedding to the decoder's first map; absent where the decoder starts from the encoder's last map. */
  readonly expansion?: Layer<Tensor2D, Tensor4D>;
  /** The decoder's first map to images. */
  readonly decoder: Layer;
}

/** Joins the stretches to a Backbone, and guards the shapes on the way in. */
export function autoencoder(where: string, parts: AutoencoderParts): Backbone {
  const { inputShape, embeddingSize, encoder, projection, expansion, decoder } = parts;
  const layers = [encoder, projection, ...(expansion ? [expansion] : []), decoder];
  const trainable = layers.flatMap((layer) => layer.trainable as Variable[]);
  const statistics = layers.flatMap((layer) => layer.statistics as Variable[]);
  return {
    inputShape,
    embeddingSize,
    encode(images, training) {
      checkImages(where, images, inputShape);
      const features = encoder.apply(images, training);
      const embeddings = l2Normalize(projection.apply(features, training));
      return expansion ? { embeddings } : { embeddings, features };
    },
    decode(encoded, training) {
      const { embeddings, features } = encoded;
      const first = expansion ? expansion.apply(embeddings, training) : (features as Tensor4D);
      return decoder.apply(first, training);
    },
    trainable,
    statistics,
    config: parts.config,
    dispose: () => tf.dispose([...trainable, ...statistics]),
  };
}

/** Images of the shape the network was built for, or SHAPE_MISMATCH with both shapes. */
export function checkImages(where: string, images: Tensor, inputShape: ImageShape): void {
  const matches = images.rank === 4 && inputShape.every((size, i) => images.shape[i + 1] === size);
  check(
    matches,
    'SHAPE_MISMATCH',
    () =>
      `${where}: images has shape [${images.shape.join(', ')}]; expected [batch, ${inputShape.join(', ')}]; resize the images or build the backbone with their inputShape.`,
    { shape: images.shape, expected: inputShape },
  );
}

/** The last step of a decoder. */
export function outputLayer(activation: OutputActivation): Layer {
  const apply = (x: Tensor4D) =>
    activation === 'tanh' ? tf.tanh(x) : activation === 'sigmoid' ? tf.sigmoid(x) : x;
  return { apply, trainable: [], statistics: [] };
}
