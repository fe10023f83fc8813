import type { EncoderFile } from './encoder-file.js';
import type { Graph, Value } from './graph.js';
import type { MapValue } from './layer-nodes.js';
import type { WeightCursor, WeightPrecision } from './weights.js';

/** What the nodes of an encoder give. */
export interface EncodedValues {
  /** [images, embeddingSize], unit rows. */
  readonly embeddings: Value;
  /** [images, channels, height, width] each, from shallow to deep. */
  readonly maps: readonly MapValue[];
}

/** What an encoder is written of. */
export interface EncoderParts {
  readonly where: string;
  readonly graph: Graph;
  /** [images, channels, height, width], normalised. */
  readonly images: MapValue;
  readonly cursor: WeightCursor;
  readonly precision: WeightPrecision;
  /** Weights that no file of a model holds, where they are not those of the package. */
  readonly given?: Uint8Array;
  /** The graph of a frozenEncoder. */
  readonly file?: EncoderFile;
}
