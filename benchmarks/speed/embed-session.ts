import { BATCH } from './network.js';
import type { OnnxRuntime } from './onnx-runtime.js';
import type { Task } from './task.js';

/** The graph that other-libraries/onnx_encoder.py wrote, a batch, and its embeddings by the library. */
export interface ExportedEncoder {
  readonly encoder: string | Uint8Array;
  readonly pixels: Float32Array;
  readonly expected: Float32Array;
  readonly size: number;
}

/** Embeddings of a batch, so many times one after the other, by a session of ONNX Runtime. */
export async function embedSession(
  { InferenceSession, Tensor }: OnnxRuntime,
  { encoder, pixels, expected, size }: ExportedEncoder,
  { threads, batches = 1 }: { threads: number; batches?: number },
): Promise<Task> {
  const session = await InferenceSession.create(encoder, {
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
  });
  const embed = async () => {
    const images = new Tensor('float32', pixels, [BATCH, 1, size, size]);
    const { embeddings } = await session.run({ images });
    return embeddings.data;
  };
  const apart = (await embed()).reduce(
    (most, x, i) => Math.max(most, Math.abs(x - expected[i])),
    0,
  );
  if (!(apart < 1e-3)) throw new Error(`onnxruntime's embeddings differ from ours by ${apart}`);
  const run = async () => {
    for (let i = 0; i < batches; i++) await embed();
  };
  return { run, facts: { apart } };
}
