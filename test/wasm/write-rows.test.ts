import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { MemoryBank } from '../../src/core/memory-bank.js';
import { nearestRows } from '../../src/operations/nearest-rows.js';
import { writeRows } from '../../src/operations/write-rows.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { bankUpdateCases } from '../core/bank-update-cases.js';
import { rowCollectorCases } from '../core/row-collector-cases.js';
import { expectNoLeak } from '../support/backends.js';
import { normal } from '../support/normal.js';
import { covers } from './covers.js';

covers('SaladWriteRows');

beforeAll(() => enableWasmTraining());

/** Asks often enough for all that is kept of rows to be kept; then writes rows, and asks again. */
async function seesWhatWasWritten(ask: (rows: tf.Tensor2D) => tf.Tensor): Promise<void> {
  await tf.setBackend('wasm');
  const values = (rows: tf.Tensor2D) => tf.tidy(() => ask(rows).dataSync<'float32'>().slice());
  await expectNoLeak(() => {
    const rows = normal<tf.Rank.R2>('rows', [200, 40]);
    const written = normal<tf.Rank.R2>('written', [2, 40]);
    for (let i = 0; i < 3; i++) values(rows);
    writeRows(rows, Int32Array.of(3, 150), written);
    const fresh = tf.add<tf.Tensor2D>(rows, 0);
    const expected = values(fresh);
    for (let i = 0; i < 3; i++) expect(values(rows)).toEqual(expected);
    tf.dispose([rows, written, fresh]);
  });
}

describe('rows that were written are seen by', () => {
  it('products, whose factors are kept in another layout', () =>
    seesWhatWasWritten((rows) => tf.matMul(normal<tf.Rank.R2>('factor', [5, 200]), rows)));

  it('the search of the nearest rows, of which sketches are kept', () =>
    seesWhatWasWritten(
      (rows) =>
        nearestRows(tf.tile(tf.slice(rows, [100, 0], [100, 40]), [6, 1]) as tf.Tensor2D, rows)
          .indices,
    ));
});

it('puts a bank in blocks together once, where it came to be without the kernel', async () => {
  await tf.setBackend('cpu');
  const bank = MemoryBank.random({ size: 9000, dim: 8, seed: 3 });
  const z = normal<tf.Rank.R2>('z', [2, 8]);
  const update = () => bank.update([8999, 4096], z);
  update();
  await tf.setBackend('wasm');
  await expectNoLeak(update, -2);
  const { kernels } = await tf.profile(update);
  const made = kernels.filter(({ name }) => name !== tf.Identity);
  expect(made.map(({ bytesAdded }) => bytesAdded)).not.toContain(9000 * 8 * 4);
  expect(bank.rows.shape).toEqual([9000, 8]);
  await tf.setBackend('cpu');
  const moved = tf.tidy(() => tf.gather(bank.rows, [8999, 4096, 0]).dataSync());
  const again = MemoryBank.random({ size: 9000, dim: 8, seed: 3 });
  for (let i = 0; i < 3; i++) again.update([8999, 4096], z);
  const expected = tf.tidy(() => tf.gather(again.rows, [8999, 4096, 0]).dataSync());
  for (let i = 0; i < moved.length; i++) expect(moved[i]).toBeCloseTo(expected[i], 6);
  bank.dispose();
  again.dispose();
  z.dispose();
});

describe('the update of a bank where it lies', () => {
  const use = async () => void (await tf.setBackend('wasm'));
  bankUpdateCases(use, true);
  rowCollectorCases(use);
});
