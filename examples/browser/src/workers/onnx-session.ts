import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import * as ort from 'onnxruntime-web/wasm';

/** A session of onnxruntime on one thread, which is this one. */
export async function startSession(file: Uint8Array) {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = { wasm: new URL(wasm, self.location.href).href };
  return { session: await ort.InferenceSession.create(file), Tensor: ort.Tensor };
}
