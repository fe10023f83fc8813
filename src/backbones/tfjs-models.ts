import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Backbone } from './backbone.js';

/** A model that computes nodes by their names, as a GraphModel of tfjs-converter does. */
export interface NamedNodes {
  execute(inputs: never, outputs: string[]): unknown;
}

/** The models of tfjs that a backbone is made of, for whoever writes it in another form. */
export interface TfjsModels {
  readonly encoder: LayersModel | NamedNodes;
  readonly decoder?: LayersModel;
  /** Names of layers or nodes of the encoder, from shallow to deep. */
  readonly maps: readonly string[];
}

// Known to every copy of the library, of modules and of CommonJS.
const KEY = Symbol.for('salad-ad: models of tfjs');

/** The same backbone, which tells what it is made of. */
export function madeOf(models: TfjsModels, backbone: Backbone): Backbone {
  return Object.assign(backbone, { [KEY]: models });
}

/** Models of tfjs that a backbone is made of; undefined where there are none. */
export function tfjsModelsOf(backbone: object): TfjsModels | undefined {
  return (backbone as { [KEY]?: TfjsModels })[KEY];
}
