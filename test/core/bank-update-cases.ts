import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { anomalyScore } from '../../src/core/anomaly-score.js';
import { bankRows } from '../../src/core/bank-like.js';
import { latentLoss } from '../../src/core/losses.js';
import { MemoryBank } from '../../src/core/memory-bank.js';
import { ProgressiveNeighborhoodScheduler } from '../../src/core/neighborhood-scheduler.js';
import { RandomStream } from '../../src/support/random.js';
import { expectNoLeak } from '../support/backends.js';

const SIZE = 4096;
const DIM = 24;
const BANK_BYTES = SIZE * DIM * 4;

/** The rows without asking the bank for them, which would lend them. */
const valuesOf = (bank: MemoryBank) => bankRows('test', bank).dataSync<'float32'>().slice();

/** The update as it is written, on a bank that is made anew. */
function madeAnew(rows: tf.Tensor2D, at: readonly number[], z: tf.Tensor2D, t: number) {
  return tf.tidy(() => {
    const last = [...new Map(at.map((row, i) => [row, i]))];
    const places = tf.tensor1d(
      last.map(([row]) => row),
      'int32',
    );
    const old = tf.gather(rows, places);
    const latest = tf.gather(
      z,
      last.map(([, i]) => i),
    );
    const mixed = tf.add(tf.mul(old, 1 - t), tf.mul(latest, t));
    const length = tf.sqrt(tf.sum(tf.square(mixed), 1, true));
    const next = tf.where(tf.less(length, 1e-6), old, tf.div(mixed, tf.maximum(length, 1e-6)));
    const copy = tf.add(rows, 0) as tf.Tensor2D;
    return tf.tensorScatterUpdate(copy, tf.reshape(places, [-1, 1]), next) as tf.Tensor2D;
  });
}

/** Bytes of the largest tensor that a kernel made; a clone shares those of another. */
const mostMade = (kernels: Awaited<ReturnType<typeof tf.profile>>['kernels']): number =>
  Math.max(...kernels.map(({ name, bytesAdded }) => (name === tf.Identity ? 0 : bytesAdded)));

function embeddingsOf(count: number, seed: number): tf.Tensor2D {
  const bank = MemoryBank.random({ size: count, dim: DIM, seed });
  const copy = tf.add<tf.Tensor2D>(bank.rows, 0);
  bank.dispose();
  return copy;
}

/** `MemoryBank.update` on the backend that `use` makes current; `inPlace`: whether this backend writes rows where they lie. */
export function bankUpdateCases(use: () => Promise<void>, inPlace: boolean): void {
  it('gives to the bit the bank that is made anew, update after update', async () => {
    await use();
    await expectNoLeak(() => {
      const random = new RandomStream(5);
      const bank = MemoryBank.random({ size: SIZE, dim: DIM, seed: 3 });
      let expected = tf.add<tf.Tensor2D>(bank.rows, 0);
      for (let step = 0; step < 12; step++) {
        const z = embeddingsOf(16, 100 + step);
        // A row in three comes twice.
        const at = Array.from({ length: 16 }, (_, i) =>
          i % 3 ? random.integer(SIZE) : (7 * step) % SIZE,
        );
        const next = madeAnew(expected, at, z, step / 11);
        expected.dispose();
        expected = next;
        bank.update(at, z, { momentum: step / 11 });
        z.dispose();
      }
      expect(valuesOf(bank)).toEqual(expected.dataSync());
      bank.dispose();
      expected.dispose();
    });
  });

  it('adds no tensor and no byte, and makes no second bank on the way', async () => {
    await use();
    const bank = MemoryBank.random({ size: SIZE, dim: DIM, seed: 3 });
    const z = embeddingsOf(16, 4);
    const at = Array.from({ length: 16 }, (_, i) => 100 * i);
    const before = tf.memory();
    const { newBytes, newTensors, kernels } = await tf.profile(() => bank.update(at, z));
    const after = tf.memory();
    expect([newTensors, newBytes]).toEqual([0, 0]);
    expect([after.numTensors, after.numBytes]).toEqual([before.numTensors, before.numBytes]);
    if (inPlace) expect(mostMade(kernels)).toBeLessThan(BANK_BYTES / 8);
    bank.dispose();
    z.dispose();
  });

  it('neither losses nor neighbourhoods nor scores take the bank from it', async () => {
    await use();
    const bank = MemoryBank.random({ size: SIZE, dim: DIM, seed: 3 });
    const z = embeddingsOf(4, 4);
    const rows = [1, 2, 3, 4];
    const other = MemoryBank.random({ size: 600, dim: DIM });
    const scheduler = new ProgressiveNeighborhoodScheduler({ neighborhoodSize: 2 });
    const { kernels: asked } = await tf.profile(() => scheduler.select(other, 1).then(() => []));
    // No copy of the bank either: rows are asked for some at a time.
    const made = asked.filter(({ name }) => name !== tf.Identity);
    expect(made.map(({ bytesAdded }) => bytesAdded)).not.toContain(600 * DIM * 4);
    const batch = { rows, anchors: [1, 0, 0, 1], neighbors: rows.map(() => [5, 6]) };
    latentLoss(z, bank, batch).dispose();
    const { scores } = anomalyScore(z, bank, { scoreNeighbors: 3 });
    scores.dispose();
    for (const read of [bank, other]) {
      const { kernels } = await tf.profile(() => read.update(rows, z));
      if (inPlace) expect(mostMade(kernels)).toBeLessThan((read.size * DIM * 4) / 8);
      read.dispose();
    }
    z.dispose();
  });

  it('leaves clones and slices of its rows as they were, and its old rows disposed', async () => {
    await use();
    await expectNoLeak(() => {
      const bank = MemoryBank.random({ size: 32, dim: DIM, seed: 3 });
      const z = embeddingsOf(32, 4);
      const borrowed = bank.rows;
      const start = borrowed.dataSync<'float32'>().slice();
      const kept = [
        tf.clone(borrowed),
        tf.slice(borrowed, [0, 0], [32, DIM]),
        tf.reshape(borrowed, [DIM, 32]),
        tf.slice(borrowed, [16, 0], [16, DIM]),
      ];
      const copy = bank.clone();
      for (const momentum of [0.5, 1])
        bank.update(
          Array.from({ length: 32 }, (_, i) => i),
          z,
          { momentum },
        );
      for (const snapshot of [...kept.slice(0, 3), copy.rows])
        expect(snapshot.dataSync()).toEqual(start);
      expect(kept[3].dataSync()).toEqual(start.subarray(16 * DIM));
      expect(valuesOf(bank)).not.toEqual(start);
      expect(() => borrowed.dataSync()).toThrowError(/disposed/);
      tf.dispose([...kept, z]);
      bank.dispose();
      copy.dispose();
    });
  });

  it('begins with the same rows, drawn in one piece or in several', async () => {
    await use();
    const [few, many] = [3, 9000].map((size) => MemoryBank.random({ size, dim: 5, seed: 8 }));
    expect(valuesOf(many).subarray(0, 15)).toEqual(valuesOf(few));
    for (let row = 0; row < 9000; row += 500)
      expect(Math.hypot(...valuesOf(many).subarray(5 * row, 5 * row + 5))).toBeCloseTo(1, 6);
    expect(valuesOf(many).at(-1)).not.toBe(0);
    few.dispose();
    many.dispose();
  });
}
