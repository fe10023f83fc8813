import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Missing } from '../contestant.js';
import { BATCH } from '../network.js';
import { nodeLibraries } from '../other-libraries.js';
import type { Task, TaskSettings } from '../task.js';

/** What is used of onnxruntime-node, which is no dependency. */
interface OnnxRuntime {
  readonly env: { readonly versions: Readonly<Record<string, string>> };
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: number[]) => OnnxTensor;
  readonly InferenceSession: {
    create(
      path: string,
      options: object,
    ): Promise<{
      run(feeds: Record<string, OnnxTensor>): Promise<Record<string, OnnxTensor>>;
    }>;
  };
}

interface OnnxTensor {
  readonly data: Float32Array;
}

/** Embeddings of a batch by onnxruntime-node, from the graph that other-libraries/onnx_encoder.py wrote. */
export async function prepare({ size, folder, threads }: TaskSettings): Promise<Task> {
  const { InferenceSession, Tensor, env } = onnxRuntime();
  const session = await InferenceSession.create(join(folder as string, 'encoder.onnx'), {
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
  });
  const pixels = await floats(join(folder as string, 'images.bin'));
  const run = async () => {
    const images = new Tensor('float32', pixels, [BATCH, 1, size, size]);
    const { embeddings } = await session.run({ images });
    return embeddings.data;
  };
  const expected = await floats(join(folder as string, 'embeddings.bin'));
  const apart = (await run()).reduce((most, x, i) => Math.max(most, Math.abs(x - expected[i])), 0);
  if (!(apart < 1e-3)) throw new Error(`onnxruntime's embeddings differ from ours by ${apart}`);
  return { run, facts: { versions: { 'onnxruntime-node': env.versions.node }, apart } };
}

function onnxRuntime(): OnnxRuntime {
  try {
    return createRequire(join(nodeLibraries, 'package.json'))('onnxruntime-node');
  } catch {
    throw new Missing(
      'onnxruntime-node',
      'npm i --prefix output/other-libraries-node --no-save --ignore-scripts onnxruntime-node@1.30.0',
    );
  }
}

async function floats(path: string): Promise<Float32Array> {
  const { buffer, byteOffset, byteLength } = await readFile(path);
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}
