import type { StoredTensor } from '../learning/stored-tensors.js';
import type { Graph, Value } from './graph.js';
import type { MapValue } from './layer-nodes.js';
import type { HeldOptions, Steps } from './model-nodes.js';

/** What a detector is made of, as its file tells it. */
export type DetectorConfig = Steps & { readonly kind: string } & Readonly<Record<string, unknown>>;

/** What the nodes of a detector are made of. */
export interface DetectorParts {
  readonly where: string;
  readonly graph: Graph;
  readonly images: MapValue;
  readonly config: DetectorConfig;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly facts: unknown;
  readonly held: HeldOptions;
}

/** [images], the score; and whether it cannot be used, where that may be. */
export interface ScoredValues {
  readonly score: Value;
  readonly unusable?: Value;
}
