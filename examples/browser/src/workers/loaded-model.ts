import * as tf from '@tensorflow/tfjs-core';
import { SaladModel, thresholdText } from 'salad-ad';
import type { OnnxScorer } from 'salad-ad/onnx';
import type { ModelFacts, PackedModel } from './messages.js';
import { prepareWasm } from './start-wasm.js';

/** A model that scores, of this library's own file or of an .onnx file. */
export interface LoadedModel {
  readonly model: Pick<SaladModel | OnnxScorer, 'scoreFiles' | 'preparation' | 'decisionThreshold'>;
  /** Maps and other files are made of it alone; absent where it came as .onnx. */
  readonly salad?: SaladModel;
}

/** @throws what `SaladModel.load` and `OnnxScorer` throw, and where the page lacks a step of the model */
export async function loadModel(packed: PackedModel): Promise<LoadedModel> {
  const loaded = await ('onnx' in packed ? loadOnnx(packed.onnx) : loadSalad(packed.artifacts));
  const { transform } = loaded.model.preparation.recipe ?? {};
  if (!transform) return loaded;
  loaded.salad?.dispose();
  throw new Error(
    `The films of this model went through '${transform.name}', which this page does not have. Score with it in Node, or by the command salad-ad.`,
  );
}

async function loadSalad(artifacts: tf.io.ModelArtifacts): Promise<LoadedModel> {
  if (tf.getBackend() !== 'wasm') {
    prepareWasm();
    await tf.setBackend('wasm');
  }
  const salad = await SaladModel.load(tf.io.fromMemory(artifacts));
  return { model: salad, salad };
}

/** The runtime of ONNX comes with the first such file. */
async function loadOnnx(file: Uint8Array): Promise<LoadedModel> {
  const [{ startSession }, { OnnxScorer }] = await Promise.all([
    import('./onnx-session.js'),
    import('salad-ad/onnx'),
  ]);
  return { model: new OnnxScorer({ file, ...(await startSession(file)) }) };
}

/** What people are told of a model. */
export function factsOf({ model, salad }: LoadedModel, { profile }: PackedModel): ModelFacts {
  const { decisionThreshold: threshold, preparation } = model;
  const fit = (preparation.recipe?.resize ?? preparation.resize)?.fit;
  return {
    ...(salad && { films: salad.bank.size }),
    side: preparation.inputShape.slice(0, 2).join(' x '),
    ...(threshold && { promise: thresholdText(threshold), threshold: threshold.value }),
    gated: profile !== undefined,
    isPadded: fit === 'pad',
    hasMaps: salad !== undefined,
    ...(profile?.maps && { mapScale: profile.maps }),
  };
}
