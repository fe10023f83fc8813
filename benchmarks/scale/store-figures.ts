import { closeSync, openSync, readSync } from 'node:fs';
import type { RandomStream } from '../../src/support/random.js';

export const DIM = 200;
export const QUERIES = 256;
export const K = 10;
/** Rows that are written, read and added at a time. */
export const BLOCK = 8192;

/** What one store took. */
export type Figures =
  | { readonly missing: string }
  | {
      readonly title: string;
      readonly buildSeconds: number;
      readonly openSeconds: number;
      /** Bytes beyond what the process took before; highest so far. */
      readonly buildMemory: number;
      readonly memory: number;
      /** Bytes, where they are not in the store's folder. */
      readonly disk?: number;
      /** Every row compared. */
      readonly scan?: { readonly queriesPerSecond: number; readonly farthest: number };
      /** By the index; `farthest` is the largest difference of `relative`, `error` the mean one that is told. */
      readonly search?: {
        readonly queriesPerSecond: number;
        readonly recall: number;
        readonly farthest: number;
        readonly error: number;
      };
    };

/** Rows of numbers whose weights fall along the dimensions, as those of embeddings do; not of length 1. */
export function sampleRows(random: RandomStream, count: number): Float32Array {
  const rows = new Float32Array(count * DIM);
  for (let i = 0; i < rows.length; i++)
    // Nearly normal, and quicker.
    rows[i] =
      ((random.uniform() + random.uniform() + random.uniform() - 1.5) * 2) /
      Math.sqrt(1 + (i % DIM) / 20);
  return rows;
}

/** Rows of the file, from the one of a number on. */
export function readRows(path: string, first: number, count: number): Float32Array {
  const rows = new Float32Array(count * DIM);
  const file = openSync(path, 'r');
  readSync(file, new Uint8Array(rows.buffer), 0, rows.byteLength, first * DIM * 4);
  closeSync(file);
  return rows;
}
