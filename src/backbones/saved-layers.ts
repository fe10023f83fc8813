import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, models } from '@tensorflow/tfjs-layers';
import { SaladError } from '../support/errors.js';
import type { Backbone } from './backbone.js';
import { layersBackbone } from './layers-backbone.js';
import { checkLeast } from './least-weights.js';

type ModelTopology = Parameters<typeof models.modelFromJSON>[0];
type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/**
 * A backbone of layers from its config: with its initial weights, or for a file, whose weights are to replace them, with zeros.
 *
 * @throws NOT_A_MODEL where tfjs-layers cannot make them, or where a layer alone has more than the `mostWeights` of a file
 */
export async function savedLayers(
  where: string,
  config: Omit<Backbone['config'], 'kind'>,
  mostWeights: number,
): Promise<Backbone> {
  const made: LayersModel[] = [];
  try {
    for (const part of [config.encoder, config.decoder])
      if (part !== undefined) made.push(await fromJSON(empty(where, part as Json, mostWeights)));
    const [encoder, decoder] = made;
    // Its own config would tell of zeros.
    return {
      ...layersBackbone({
        encoder,
        decoder,
        ...(config.maps !== undefined && { maps: config.maps as string[] }),
      }),
      config: { kind: 'layersBackbone', ...config },
    };
  } catch (error) {
    for (const model of made) model.dispose();
    if (error instanceof SaladError) throw error;
    throw new SaladError(
      'NOT_A_MODEL',
      `${where}: tfjs-layers makes no network of what the file holds (${String(error).slice(0, 200)}); expected the topology that save wrote; copy the file again.`,
      {},
      { cause: error },
    );
  }
}

/** A model of layers; where it fails half-way, those made so far are freed. */
async function fromJSON(topology: Json): Promise<LayersModel> {
  const { registeredVariables } = tf.engine().state;
  const before = new Set(Object.keys(registeredVariables));
  // Without weights to load all is made before the first wait, so that nobody else's variables come in between.
  const making = models.modelFromJSON(topology as unknown as ModelTopology);
  const names = Object.keys(registeredVariables).filter((name) => !before.has(name));
  return making.catch((error) => {
    for (const name of names) registeredVariables[name]?.dispose();
    throw error;
  });
}

/** The topology with initial weights of 0, which cost no draws, and no size beyond those of the file. */
function empty(where: string, json: Json, most: number): Json {
  if (Array.isArray(json)) return json.map((one) => empty(where, one, most));
  if (typeof json !== 'object' || json === null || most === Number.POSITIVE_INFINITY) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => {
      if (/initializer$/i.test(name)) return [name, value && { class_name: 'Zeros', config: {} }];
      if (/^(units|filters|input_?dim|output_?dim)$/i.test(name) && typeof value === 'number')
        checkLeast(where, value, most);
      return [name, empty(where, value, most)];
    }),
  );
}
