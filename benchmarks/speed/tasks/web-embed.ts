import { embedSession } from '../embed-session.js';
import type { OnnxRuntime } from '../onnx-runtime.js';
import type { Task, TaskSettings } from '../task.js';

/** Embeddings of a batch by onnxruntime-web's wasm in a page; the page's server has the runtime and the network. */
export async function prepare({ size, threads }: TaskSettings): Promise<Task> {
  const address = '/onnxruntime-web/ort.wasm.min.mjs';
  const runtime: OnnxRuntime = await import(address);
  runtime.env.wasm.numThreads = threads as number;
  const bytes = async (name: string) => (await fetch(`/network/${name}`)).arrayBuffer();
  const exported = {
    encoder: new Uint8Array(await bytes('encoder.onnx')),
    pixels: new Float32Array(await bytes('images.bin')),
    expected: new Float32Array(await bytes('embeddings.bin')),
    size,
  };
  const task = await embedSession(runtime, exported, { threads: threads as number });
  const { web } = runtime.env.versions;
  return { ...task, facts: { ...task.facts, versions: { 'onnxruntime-web': web } } };
}
