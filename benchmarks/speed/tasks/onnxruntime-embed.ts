import { join } from 'node:path';
import { floats } from '../floats.js';
import { BATCH } from '../network.js';
import { onnxRuntime } from '../onnx-runtime.js';
import type { Task, TaskSettings } from '../task.js';

/**
 * Embeddings by onnxruntime-node, from the graph that other-libraries/onnx_encoder.py wrote: of a batch, or of as many one after the
 * other as `films` makes.
 */
export async function prepare({ size, folder, threads, films }: TaskSettings): Promise<Task> {
  const { InferenceSession, Tensor, env } = onnxRuntime();
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
  return { run, facts: { versions: { 'onnxruntime-node': env.versions.node }, apart } };
}
