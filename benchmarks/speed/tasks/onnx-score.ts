import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OnnxScorer } from 'salad-ad/onnx';
import { floats } from '../floats.js';
import { onnxRuntime } from '../onnx-runtime.js';
import { checkScores, speedFilms } from '../speed-model.js';
import type { Task, TaskSettings } from '../task.js';

/** Scores by `OnnxScorer` on onnxruntime-node, of the file that export-onnx.ts wrote. */
export async function prepare({ size, folder, threads }: TaskSettings): Promise<Task> {
  const { InferenceSession, Tensor, env } = onnxRuntime();
  const path = join(folder as string, 'model.onnx');
  const session = await InferenceSession.create(path, { intraOpNumThreads: threads });
  const scorer = new OnnxScorer({ file: await readFile(path), session, Tensor });
  const films = speedFilms(size);
  const run = async () => (await scorer.score(films)).scores;
  const apart = checkScores(await run(), await floats(join(folder as string, 'scores.bin')));
  return { run, facts: { versions: { 'onnxruntime-node': env.versions.node }, apart } };
}
