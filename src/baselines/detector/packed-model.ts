import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from '../../backbones/backbone.js';
import type { ImageNormalization } from '../../images/image-normalization.js';
import { SaladModel } from '../../model/salad-model.js';
import type { Learnt } from './body.js';

/** A model as tensors, whose names begin with the prefix, and JSON: it lives in the file of the detector that it serves. The caller disposes the tensors. */
export async function packedModel(model: SaladModel, prefix: string): Promise<Learnt> {
  let artifacts: tf.io.ModelArtifacts = {};
  await model.save({
    async save(saved) {
      artifacts = saved;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    },
  });
  const { weightData: _, weightSpecs: __, ...facts } = artifacts;
  const tensors = tf.io.decodeWeights(
    tf.io.CompositeArrayBuffer.join(artifacts.weightData as tf.io.WeightData),
    artifacts.weightSpecs ?? [],
  );
  const named = Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]);
  return { tensors: Object.fromEntries(named), facts: facts as Learnt['facts'] };
}

/** The model that `packedModel` gave with this prefix; the tensors stay the caller's. */
export async function unpackedModel(
  { tensors, facts }: Learnt,
  prefix: string,
  pieces: { readonly backbone?: Backbone; readonly imageNormalization?: ImageNormalization },
): Promise<SaladModel> {
  const named = Object.entries(tensors)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, tensor]) => [name.slice(prefix.length), tensor]);
  const { data, specs } = await tf.io.encodeWeights(Object.fromEntries(named));
  const load = async () => ({ ...facts, weightData: data, weightSpecs: specs });
  return SaladModel.load({ load }, pieces);
}
