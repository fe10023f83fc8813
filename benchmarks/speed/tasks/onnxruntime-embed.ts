import { join } from 'node:path';
import { floats } from '../floats.js';
import { BATCH } from '../network.js';
import { onnxRuntime, onnxRuntimeWeb } from '../onnx-runtime.js';
import type { Task, TaskSettings } from '../task.js';

/**
 * Embeddings by onnxruntime-node, or with `web` by onnxruntime-web's wasm, from the graph that other-libraries/onnx_encoder.py wrote: of a
 * batch, or of as many one after the other as `films` makes.
 */
export async function prepare(settings: TaskSettings): Promise<Task> {
  const { size, folder, threads, films, web } = settings;
  const runtime = web ? await onnxRuntimeWeb(threads as number) : onnxRuntime();
  const { InferenceSession, Tensor, env } = runtime;
  const session = await InferenceSession.create(join(folder as string, 'encoder.onnx'), {
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
  });
  const pixels = await floats(join(folder as string, 'images.bin'));
  const embed = async () => {
    const images = new Tensor('float32', pixels, [BATCH, 1, size, size]);
    const { embeddings } = await session.run({ images });
    return embeddings.data;
  };
  const expected = await floats(join(folder as string, 'embeddings.bin'));
  const apart = (await embed()).reduce(
    (most, x, i) => Math.max(most, Math.abs(x - expected[i])),
    0,
  );
  if (!(apart < 1e-3)) throw new Error(`onnxruntime's embeddings differ from ours by ${apart}`);
  const batches = films === undefined ? 1 : (films as number) / BATCH;
  const run = async () => {
    for (let i = 0; i < batches; i++) await embed();
  };
  const name = web ? 'onnxruntime-web' : 'onnxruntime-node';
  return { run, facts: { versions: { [name]: env.versions[web ? 'web' : 'node'] }, apart } };
}
