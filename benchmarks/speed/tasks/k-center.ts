import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { CellBank } from 'salad-ad';
import { floats } from '../floats.js';
import { CELL_DIM } from '../frozen-cells.js';
import type { Task, TaskSettings } from '../task.js';

/** A tenth of the cells in cells.bin, by greedy k-centre; writes them. */
export async function prepare({ bank: size, folder }: TaskSettings): Promise<Task> {
  const rows = await floats(join(folder as string, 'cells.bin'));
  const [films, places] = [new Int32Array(size), Int32Array.from({ length: size }, (_, i) => i)];
  return {
    async run() {
      const bank = await CellBank.coreset({ rows, dim: CELL_DIM, films, places }, { size: 0.1 });
      await writeFile(join(folder as string, 'chosen.bin'), bank.places);
      bank.dispose();
      return tf.memory().numTensors;
    },
  };
}
