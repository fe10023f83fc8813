// The bare page of benchmarks/speed/page.ts: tfjs on wasm, the model, one score.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import { SaladModel } from 'salad-ad';
import { enableWasmTraining } from 'salad-ad/wasm';

declare global {
  /** Loads all, and scores one PNG. */
  function scoreOnce(base64: string): Promise<number>;
}

const ready = (async () => {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': simd,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': simd,
  });
  enableWasmTraining();
  await tf.setBackend('wasm');
  return SaladModel.load('/sample/model.json');
})();

globalThis.scoreOnce = async (base64) => {
  const model = await ready;
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const { scores } = await model.scoreFiles([bytes]);
  return scores[0];
};
