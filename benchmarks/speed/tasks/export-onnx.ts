import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toOnnx } from 'salad-ad/onnx';
import { type Reading, speedFilms, speedModel } from '../speed-model.js';
import type { Task, TaskSettings } from '../task.js';

/** Writes the model as ONNX, with the scores that it gives itself. */
export async function prepare({ size, bank, folder, reading }: TaskSettings): Promise<Task> {
  const model = await speedModel(size, bank, reading as Reading);
  await mkdir(folder as string, { recursive: true });
  await writeFile(join(folder as string, 'model.onnx'), (await toOnnx(model)).bytes);
  const { scores } = await model.score(speedFilms(size));
  await writeFile(join(folder as string, 'scores.bin'), scores);
  return { run: () => undefined };
}
