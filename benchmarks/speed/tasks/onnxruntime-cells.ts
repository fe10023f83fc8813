import { join } from 'node:path';
import { floats } from '../floats.js';
import { SIDE } from '../frozen-cells.js';
import { onnxRuntime } from '../onnx-runtime.js';
import type { Task, TaskSettings } from '../task.js';

/** The same scores by onnxruntime-node, from the graph that other-libraries/onnx_cells.py wrote. */
export async function prepare({ folder, threads }: TaskSettings): Promise<Task> {
  const { InferenceSession, Tensor, env } = onnxRuntime();
  const session = await InferenceSession.create(join(folder as string, 'cells.onnx'), {
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
  });
  const grey = await floats(join(folder as string, 'films.bin'));
  const expected = await floats(join(folder as string, 'scores.bin'));
  const run = async () => {
    const films = new Tensor('float32', grey, [expected.length, 1, SIDE, SIDE]);
    return (await session.run({ films })).scores.data;
  };
  const apart = (await run()).reduce((most, x, i) => Math.max(most, Math.abs(x - expected[i])), 0);
  if (!(apart < 1e-3)) throw new Error(`onnxruntime's scores differ from ours by ${apart}`);
  return { run, facts: { versions: { 'onnxruntime-node': env.versions.node }, apart } };
}
