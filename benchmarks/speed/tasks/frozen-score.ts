import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { CellBank, cellScore, cellsOf } from 'salad-ad';
import { efficientNetLite0 } from 'salad-ad/encoders';
import { filmLikeSource } from '../film-like-source.js';
import { floats } from '../floats.js';
import { CELL_DIM, GRID, SIDE } from '../frozen-cells.js';
import type { Task, TaskSettings } from '../task.js';

/** Films of a measurement. */
export const FILMS = 8;

/**
 * Scores of films by the cells of a frozen encoder: pixels to mean distances to a bank. It writes the films and their
 * scores, so that another library can show that it computes the same.
 */
export async function prepare({ bank: size, folder }: TaskSettings): Promise<Task> {
  const backbone = await efficientNetLite0();
  const rows = await floats(join(folder as string, 'cells.bin'));
  const bank = CellBank.from(tf.tensor2d(rows, [size, CELL_DIM]), {
    films: new Int32Array(size),
    places: new Int32Array(size),
  });
  const { pixels } = await filmLikeSource(SIDE, FILMS, 3).read([...Array(FILMS).keys()]);
  const grey = Float32Array.from(pixels as Uint8Array, (value) => value / 85 - 1.5);
  const run = async () => {
    const scores = tf.tidy(() => {
      const films = tf.tensor4d(grey, [FILMS, SIDE, SIDE, 1]);
      const cells = cellsOf(backbone.encode(films, false).maps ?? [], { grid: GRID });
      return cellScore(bank.nearest(cells).distances);
    });
    const values = await scores.data();
    scores.dispose();
    return values as Float32Array;
  };
  await writeFile(join(folder as string, 'films.bin'), grey);
  await writeFile(join(folder as string, 'scores.bin'), await run());
  return { run };
}
