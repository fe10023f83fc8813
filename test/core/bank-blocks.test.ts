import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { anomalyScore } from '../../src/core/anomaly-score.js';
import { bankBlocks } from '../../src/core/bank-like.js';
import { latentLoss } from '../../src/core/losses.js';
import { adoptRows, MemoryBank } from '../../src/core/memory-bank.js';
import { ProgressiveNeighborhoodScheduler } from '../../src/core/neighborhood-scheduler.js';
import { describeOnBackends, expectNoLeak, useBackend } from '../support/backends.js';

const BLOCK = 4096;
const SIZE = 3 * BLOCK + 5;
const DIM = 6;
/** Of the first block, the third (its ends, and one twice) and the last, not in order. */
const AT = [SIZE - 1, 2 * BLOCK, 7, 3 * BLOCK - 1, 2 * BLOCK, 2 * BLOCK + 1];

const newBank = () => MemoryBank.random({ size: SIZE, dim: DIM, seed: 3 });
const blocksOf = (bank: MemoryBank) => [...bankBlocks('test', bank)];
const valuesOf = (bank: MemoryBank) =>
  Float32Array.from(blocksOf(bank).flatMap((block) => [...block.dataSync<'float32'>()]));
const embeddings = () =>
  tf.tidy(() => tf.add<tf.Tensor2D>(MemoryBank.random({ size: AT.length, dim: DIM }).rows, 0));

/** The bank after an update by half, in numbers of the host. */
function updated(start: Float32Array, z: ArrayLike<number>): Float32Array {
  const rows = start.slice();
  AT.forEach((row, i) => {
    const mixed = Array.from({ length: DIM }, (_, d) => start[row * DIM + d] + z[i * DIM + d]);
    const length = Math.hypot(...mixed);
    rows.set(
      mixed.map((value) => value / length),
      row * DIM,
    );
  });
  return rows;
}

// Without a kernel that writes rows where they lie, and banks of more than one block.
describeOnBackends('a bank in blocks', () => {
  it('makes the blocks anew that rows are written into, and no other', async () => {
    const z = embeddings();
    await expectNoLeak(async () => {
      const bank = newBank();
      const before = blocksOf(bank);
      expect(before.map(({ shape }) => shape[0])).toEqual([BLOCK, BLOCK, BLOCK, 5]);
      const start = valuesOf(bank);
      const { newTensors, newBytes, kernels } = await tf.profile(() => bank.update(AT, z));
      expect([newTensors, newBytes]).toEqual([0, 0]);
      const most = kernels.map(({ name, bytesAdded }) => (name === tf.Identity ? 0 : bytesAdded));
      expect(Math.max(...most)).toBeLessThanOrEqual(BLOCK * DIM * 4);
      const after = blocksOf(bank);
      expect(after.map((block, i) => block === before[i])).toEqual([false, true, false, false]);
      expect(before.map(({ isDisposed }) => isDisposed)).toEqual([true, false, true, true]);
      const expected = updated(start, z.dataSync());
      valuesOf(bank).forEach((value, i) => {
        if (Math.abs(value - expected[i]) > 1e-6) expect([i, value]).toEqual([i, expected[i]]);
      });
      bank.dispose();
    });
    z.dispose();
  });

  it('gives the losses, gradients and scores of the same rows in one tensor', async () => {
    const bank = newBank();
    const whole = tf.tidy(() => tf.concat(blocksOf(bank), 0)) as tf.Tensor2D;
    const z = embeddings();
    const batch = {
      rows: AT,
      anchors: [1, 1, 0, 0, 1, 0],
      neighbors: AT.map((row) => [(row + BLOCK) % SIZE, 3, (row + 1) % SIZE]),
    };
    const lossAndGradient = (of: MemoryBank | tf.Tensor2D) =>
      tf.tidy(() => {
        const { value, grad } = tf.valueAndGrad((x) =>
          tf.sum(latentLoss(x as tf.Tensor2D, of, batch)),
        )(z);
        return [...value.dataSync(), ...grad.dataSync()];
      });
    expect(lossAndGradient(bank)).toEqual(lossAndGradient(whole));
    expect(blocksOf(bank)).toHaveLength(4);
    const scoresOf = (of: MemoryBank | tf.Tensor2D) =>
      anomalyScore(z, of, { scoreNeighbors: 5, ownRows: AT }).scores;
    const [ours, theirs] = await expectNoLeak(() => [bank, whole].map(scoresOf), 2);
    expect(ours.dataSync()).toEqual(theirs.dataSync());
    const { peakBytes } = await tf.profile(() => scoresOf(bank));
    expect(peakBytes - tf.memory().numBytes).toBeLessThan(BLOCK * AT.length * 4 * 12);
    tf.dispose([ours, theirs, whole, z]);
    bank.dispose();
  });

  it('lends its rows as one tensor, and leaves what was made of it as it was', async () => {
    const z = embeddings();
    await expectNoLeak(() => {
      const bank = newBank();
      const start = valuesOf(bank);
      const borrowed = bank.rows;
      expect(borrowed.shape).toEqual([SIZE, DIM]);
      expect(borrowed.dataSync()).toEqual(start);
      const kept = [tf.clone(borrowed), tf.slice(borrowed, [0, 0], [SIZE, DIM])];
      const copy = bank.clone();
      bank.update(AT, z);
      expect(borrowed.isDisposed).toBe(true);
      expect(blocksOf(bank)).toHaveLength(4);
      const again = bank.rows;
      const lentAgain = tf.clone(again);
      const then = valuesOf(bank);
      anomalyScore(z, bank, { scoreNeighbors: 2 }).scores.dispose();
      expect([bank.rows === again, again.isDisposed]).toEqual([true, false]);
      bank.update(AT, z);
      expect(valuesOf(bank)).not.toEqual(then);
      expect(lentAgain.dataSync()).toEqual(then);
      for (const snapshot of [...kept, copy.rows]) expect(snapshot.dataSync()).toEqual(start);
      expect([bank.size, bank.dim]).toEqual([SIZE, DIM]);
      const one = tf.slice<tf.Rank.R2, tf.Tensor2D>(z, [1, 0], [1, DIM]);
      const [first, , , last] = blocksOf(bank);
      bank.append(z);
      expect([first.isDisposed, last.isDisposed]).toEqual([false, true]);
      expect(valuesOf(bank).subarray(DIM * SIZE)).toEqual(z.dataSync());
      bank.update([SIZE], one, { momentum: 1 });
      const moved = [...one.dataSync(), ...z.dataSync().subarray(DIM)];
      const end = valuesOf(bank).subarray(DIM * SIZE);
      for (let i = 0; i < end.length; i++) expect(end[i]).toBeCloseTo(moved[i], 6);
      tf.dispose([...kept, lentAgain, one]);
      bank.dispose();
      copy.dispose();
    }, 0);
    z.dispose();
  });

  it('has numbers that are not finite in the scores that they belong to, wherever they lie', () => {
    const bank = newBank();
    const z = embeddings();
    const at = [0, BLOCK - 1, BLOCK, 2 * BLOCK, SIZE - 1];
    bank.update(
      at,
      tf.tidy(() => tf.fill([at.length, DIM], Number.NaN) as tf.Tensor2D),
    );
    const whole = MemoryBank.from(tf.tidy(() => tf.concat(blocksOf(bank), 0)) as tf.Tensor2D);
    whole.rows;
    const [ours, theirs] = [bank, whole].map((of) =>
      anomalyScore(z, of, { method: 'angular', scoreNeighbors: 3 }).scores.dataSync(),
    );
    expect([...theirs].some(Number.isFinite)).toBe(true);
    expect(ours).toEqual(theirs);
    bank.dispose();
    whole.dispose();
  });

  it('takes a coreset from its blocks, and adds no tensor, also where that is refused', async () => {
    const bank = newBank();
    const whole = tf.tidy(() => tf.concat(blocksOf(bank), 0)) as tf.Tensor2D;
    const single = adoptRows(whole);
    const discard = Array.from({ length: SIZE }, (_, row) => row % 4 > 0);
    const options = { size: 3, seed: 5, discard };
    const ours = await expectNoLeak(() => bank.coreset(options));
    expect(ours).toEqual(await expectNoLeak(() => single.coreset(options)));
    await expectNoLeak(() => bank.coreset({ size: -1 }).catch(() => {}));
    bank.dispose();
    single.dispose();
  });

  it('is one tensor until rows are written into it, where it was given as one', async () => {
    const z = embeddings();
    const inBlocks = newBank();
    const bank = adoptRows(tf.tidy(() => tf.concat(blocksOf(inBlocks), 0)) as tf.Tensor2D);
    inBlocks.dispose();
    await expectNoLeak(() => anomalyScore(z, bank, { scoreNeighbors: 2 }).scores.dispose());
    await expectNoLeak(() => bank.append(z));
    expect(blocksOf(bank)).toHaveLength(1);
    await expectNoLeak(() => bank.update(AT, z), 3);
    await expectNoLeak(() => bank.update(AT, z));
    bank.dispose();
    const few = MemoryBank.random({ size: BLOCK, dim: DIM });
    await expectNoLeak(() => few.append(z));
    few.dispose();
    z.dispose();
  });

  it('stays as it was where an update fails', () => {
    const bank = newBank();
    const start = valuesOf(bank);
    const before = tf.memory().numTensors;
    const short = tf.zeros<tf.Rank.R2>([AT.length, DIM - 1]);
    expect(() => bank.update(AT, short)).toThrowError(/SHAPE_MISMATCH|has shape/);
    short.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(valuesOf(bank)).toEqual(start);
    bank.dispose();
    expect(() => bank.size).toThrowError(/disposed/);
    expect(() => bankBlocks('test', bank)).toThrowError(/disposed/);
  });
});

// Two thirds of a minute on cpu, which computes the same operations.
it('gives the anchors of the same rows in one tensor', async () => {
  await useBackend('wasm');
  const bank = MemoryBank.random({ size: BLOCK + 5, dim: DIM });
  const whole = tf.tidy(() => tf.concat(blocksOf(bank), 0)) as tf.Tensor2D;
  const scheduler = new ProgressiveNeighborhoodScheduler({ neighborhoodSize: 3 });
  expect(await scheduler.select(bank, 1)).toEqual(await scheduler.select(whole, 1));
  expect(blocksOf(bank)).toHaveLength(2);
  whole.dispose();
  bank.dispose();
});
