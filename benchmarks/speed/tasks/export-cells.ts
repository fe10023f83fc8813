import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { efficientNetLite0 } from 'salad-ad/encoders';
import { filmLikeSource } from '../film-like-source.js';
import { CELL_DIM, frozenCells, SIDE } from '../frozen-cells.js';
import type { Task, TaskSettings } from '../task.js';

/** Films encoded at a time. */
const TOGETHER = 8;

/** Writes `bank` cells of films that a frozen encoder gives: cells.bin, float32. */
export async function prepare({ bank, folder }: TaskSettings): Promise<Task> {
  const backbone = await efficientNetLite0();
  const source = filmLikeSource(SIDE, Math.ceil(bank / 196));
  const cells = new Float32Array(source.length * 196 * CELL_DIM);
  for (let first = 0; first < source.length; first += TOGETHER) {
    const count = Math.min(TOGETHER, source.length - first);
    const { pixels } = await source.read(Array.from({ length: count }, (_, i) => first + i));
    const some = tf.tidy(() => {
      const grey = Float32Array.from(pixels as Uint8Array, (value) => value / 85 - 1.5);
      return frozenCells(backbone, tf.tensor4d(grey, [count, SIDE, SIDE, 1]));
    });
    cells.set(await some.data(), first * 196 * CELL_DIM);
    some.dispose();
  }
  await mkdir(folder as string, { recursive: true });
  await writeFile(join(folder as string, 'cells.bin'), cells.subarray(0, bank * CELL_DIM));
  return { run: () => undefined };
}
