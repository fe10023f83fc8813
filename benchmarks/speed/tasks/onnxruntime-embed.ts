import { join } from 'node:path';
import { embedSession } from '../embed-session.js';
import { floats } from '../floats.js';
import { BATCH } from '../network.js';
import { onnxRuntime, onnxRuntimeWeb } from '../onnx-runtime.js';
import type { Task, TaskSettings } from '../task.js';

/**
 * Embeddings by onnxruntime-node, or with `web` by onnxruntime-web's wasm, of a batch, or of as many one after the other as `films` makes.
 */
export async function prepare({ size, films, web, ...given }: TaskSettings): Promise<Task> {
  const folder = given.folder as string;
  const threads = given.threads as number;
  const runtime = web ? await onnxRuntimeWeb(threads) : onnxRuntime();
  const exported = {
    encoder: join(folder, 'encoder.onnx'),
    pixels: await floats(join(folder, 'images.bin')),
    expected: await floats(join(folder, 'embeddings.bin')),
    size,
  };
  const batches = films === undefined ? 1 : (films as number) / BATCH;
  const task = await embedSession(runtime, exported, { threads, batches });
  const [name, key] = web ? ['onnxruntime-web', 'web'] : ['onnxruntime-node', 'node'];
  return { ...task, facts: { ...task.facts, versions: { [name]: runtime.env.versions[key] } } };
}
