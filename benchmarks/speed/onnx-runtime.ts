import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Missing } from './contestant.js';
import { nodeLibraries } from './other-libraries.js';

/** What is used of onnxruntime-node, which is no dependency, and of onnxruntime-web. */
export interface OnnxRuntime {
  readonly env: {
    readonly versions: Readonly<Record<string, string>>;
    readonly wasm: { numThreads?: number };
  };
  readonly Tensor: new (
    type: 'float32',
    data: Float32Array,
    shape: readonly number[],
  ) => OnnxTensor;
  readonly InferenceSession: {
    create(
      model: string | Uint8Array,
      options: object,
    ): Promise<{
      readonly inputNames: readonly string[];
      readonly outputNames: readonly string[];
      run(
        feeds: Record<string, OnnxTensor>,
        fetches?: readonly string[],
      ): Promise<Record<string, OnnxTensor>>;
    }>;
  };
}

interface OnnxTensor {
  readonly data: Float32Array;
}

/** onnxruntime-node, where it is installed. @throws Missing */
export function onnxRuntime(): OnnxRuntime {
  try {
    return createRequire(join(nodeLibraries, 'package.json'))('onnxruntime-node');
  } catch {
    throw new Missing(
      'onnxruntime-node',
      'npm i --prefix output/other-libraries-node --no-save --ignore-scripts onnxruntime-node@1.30.0',
    );
  }
}

/** onnxruntime-web in Node: its wasm, on so many threads. */
export async function onnxRuntimeWeb(threads: number): Promise<OnnxRuntime> {
  const runtime = (await import('onnxruntime-web')) as unknown as OnnxRuntime;
  runtime.env.wasm.numThreads = threads;
  return runtime;
}
