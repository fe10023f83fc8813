import type { Graph } from '../graph.js';
import type { WeightPrecision } from '../weights.js';
import type { LayerValue } from './layer-value.js';

/** What a layer of tfjs is written of. */
export interface LayerParts {
  readonly where: string;
  readonly graph: Graph;
  readonly precision: WeightPrecision;
  /** Its name. */
  readonly layer: string;
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** One of its weights by its name within the layer; undefined where it has none such. */
  weight(
    name: string,
  ): { readonly shape: readonly number[]; readonly values: Float32Array } | undefined;
  readonly inputs: readonly LayerValue[];
  /** What it gives, without the batch. */
  readonly shape: readonly number[];
}

/** A weight that every layer of that kind has. */
export function needed({ weight, layer }: LayerParts, name: string) {
  const found = weight(name);
  if (!found) throw new Error(`the layer '${layer}' has no '${name}'`);
  return found;
}
