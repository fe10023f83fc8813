import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
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

describe('the update of a bank where it lies', () => {
  const use = async () => void (await tf.setBackend('wasm'));
  bankUpdateCases(use, true);
  rowCollectorCases(use);
});
