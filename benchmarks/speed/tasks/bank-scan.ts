import type { Tensor2D } from '@tensorflow/tfjs-core';
import { anomalyScore, MemoryBank } from 'salad-ad';
import type { Task, TaskSettings } from '../task.js';

export const QUERIES = 256;
export const DIM = 200;

/** Scores of 256 embeddings against the bank, default options: exact, K = 100. */
export async function prepare({ bank: size }: TaskSettings): Promise<Task> {
  const bank = MemoryBank.random({ size, dim: DIM, seed: 1 });
  const queries: Tensor2D = MemoryBank.random({ size: QUERIES, dim: DIM, seed: 2 }).rows;
  return {
    async run() {
      const { scores } = anomalyScore(queries, bank);
      await scores.data();
      scores.dispose();
    },
  };
}
