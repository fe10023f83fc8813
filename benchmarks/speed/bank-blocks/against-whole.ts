import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { anomalyScore, latentLoss, logMass, MemoryBank } from 'salad-ad';

const BATCH = 16;
const DIM = 200;

/** Milliseconds, the best of the runs. */
export interface Times {
  readonly update: number;
  readonly step: number;
  readonly score: number;
}

/** The bank of the library, and the same rows as one tensor that each update makes anew. */
export interface AgainstWhole {
  readonly blocks: Times;
  readonly whole: Times;
}

interface Bank {
  readonly rows: MemoryBank | Tensor2D;
  update(at: readonly number[], z: Tensor2D): void;
}

/**
 * Times what a training step does with a bank on the backend in use (the loss of 16 embeddings and its gradient, the update
 * of their rows), and scores of 16 embeddings, with both banks in turn. Rows are drawn anew for each run.
 */
export async function againstWhole(size: number, seconds: number): Promise<AgainstWhole> {
  const z = ownRows(BATCH);
  const inBlocks = MemoryBank.random({ size, dim: DIM, seed: 1 });
  const banks = {
    blocks: { rows: inBlocks, update: inBlocks.update.bind(inBlocks) },
    whole: wholeBank(size),
  };
  const best = {
    blocks: { update: Infinity, step: Infinity, score: Infinity },
    whole: { update: Infinity, step: Infinity, score: Infinity },
  };
  const end = performance.now() + 1000 * seconds;
  for (let run = 0; run < 3 || performance.now() < end; run++) {
    const at = Array.from({ length: BATCH }, () => Math.floor(Math.random() * size));
    for (const form of ['blocks', 'whole'] as const) {
      const bank: Bank = banks[form];
      const took = {
        update: await milliseconds(async () => {
          bank.update(at, z);
          await finished(bank, at, z);
        }),
        step: await milliseconds(async () => {
          await lossAndGradient(bank, at, z);
          bank.update(at, z);
          await finished(bank, at, z);
        }),
        score: await milliseconds(async () => {
          const { scores } = anomalyScore(z, bank.rows);
          await scores.data();
          scores.dispose();
        }),
      };
      // The first run compiles.
      if (run === 0) continue;
      for (const work of ['update', 'step', 'score'] as const)
        best[form][work] = Math.min(best[form][work], took[work]);
    }
  }
  inBlocks.dispose();
  banks.whole.dispose();
  z.dispose();
  return best;
}

/** As an update of a single tensor is written with tfjs's operations. */
function wholeBank(size: number): Bank & { dispose(): void } {
  const bank = {
    rows: ownRows(size),
    update(at: readonly number[], z: Tensor2D) {
      const next = tf.tidy(() => {
        const rows = [...new Set(at)];
        const latest = tf.gather(
          z,
          rows.map((row) => at.lastIndexOf(row)),
        );
        const mixed = tf.add(tf.mul(tf.gather(bank.rows, rows), 0.5), tf.mul(latest, 0.5));
        const unit = tf.div(mixed, tf.maximum(tf.norm(mixed, 2, 1, true), 1e-6));
        return tf.tensorScatterUpdate(
          bank.rows,
          rows.map((row) => [row]),
          unit,
        ) as Tensor2D;
      });
      bank.rows.dispose();
      bank.rows = next;
    },
    dispose: () => bank.rows.dispose(),
  };
  return bank;
}

async function lossAndGradient({ rows }: Bank, at: readonly number[], z: Tensor2D): Promise<void> {
  const { value, grad } = tf.tidy(() =>
    tf.valueAndGrad((x) =>
      tf.sum(
        latentLoss(x as Tensor2D, rows, {
          rows: at,
          anchors: at.map(() => 0),
          neighbors: at.map(() => [0]),
        }),
      ),
    )(z),
  );
  await value.data();
  tf.dispose([value, grad]);
}

/** Reads what a row of the bank says of an embedding, which a graphics card computes after all that it was given before. */
async function finished({ rows }: Bank, at: readonly number[], z: Tensor2D): Promise<void> {
  const masses = logMass(
    z,
    rows,
    at.map((row) => [row]),
  );
  await masses.data();
  masses.dispose();
}

async function milliseconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function ownRows(size: number): Tensor2D {
  const bank = MemoryBank.random({ size, dim: DIM, seed: 1 });
  const rows = tf.add(bank.rows, 0) as Tensor2D;
  bank.dispose();
  return rows;
}
