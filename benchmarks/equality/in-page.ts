// The page's side: bundled, and called by in-chromium.ts.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import { arraySource, SaladModel } from '../../src/index.js';
import { OnnxScorer } from '../../src/onnx/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { type Scored, scoredOf } from './scored.js';

/** Of the films. */
export interface Given {
  readonly height: number;
  readonly width: number;
}

declare global {
  /** Given by the other side. */
  function fileAsBase64(name: string): Promise<string>;
  function scoreOnBackend(
    given: Given & { backend: string; artifacts: tf.io.ModelArtifacts },
  ): Promise<Scored>;
  function scoreOnOrt(given: Given): Promise<Scored>;
}

async function bytesOf(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(atob(await fileAsBase64(name)), (letter) => letter.charCodeAt(0));
}

async function filmsOf({ height, width }: Given) {
  return arraySource({ pixels: await bytesOf('films'), shape: [height, width, 1] });
}

function browser(): string {
  return navigator.userAgent.match(/Chrome\/\d+/)?.[0] ?? navigator.userAgent;
}

globalThis.scoreOnBackend = async ({ backend, artifacts, ...size }) => {
  setWasmPaths('/wasm/');
  enableWasmTraining();
  if (!(await tf.setBackend(backend))) throw new Error(`the ${backend} backend did not start`);
  const weightData = (await bytesOf('weights')).buffer;
  const model = await SaladModel.load({ load: async () => ({ ...artifacts, weightData }) });
  const version = `tfjs ${tf.version_core} in ${browser()}`;
  return scoredOf(version, await model.score(await filmsOf(size)));
};

globalThis.scoreOnOrt = async (size) => {
  const code = new Blob([await bytesOf('runtime')], { type: 'text/javascript' });
  const address = URL.createObjectURL(code);
  const ort = await import(address);
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = (await bytesOf('wasm')).buffer;
  const file = await bytesOf('model');
  const session = await ort.InferenceSession.create(file);
  const scorer = new OnnxScorer({ file, session, Tensor: ort.Tensor });
  const version = `onnxruntime-web ${ort.env.versions.common} in ${browser()}`;
  return scoredOf(version, await scorer.score(await filmsOf(size)));
};
