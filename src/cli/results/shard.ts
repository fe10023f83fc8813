import { misused } from '../frame/failure.js';

/** A part of the files. */
export interface Shard {
  readonly number: number;
  readonly of: number;
}

/** `2/3` as the second of three parts. @throws Failure */
export function shardOf(text: string | undefined): Shard | undefined {
  if (text === undefined) return undefined;
  const [, number, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (!(number >= 1 && number <= of))
    throw misused(`--shard is '${text}'; expected 1/3, 2/3 and 3/3 for three machines, say`);
  return { number, of };
}

/** Images of one batch are scored together, so that no rounding depends on the number of parts. */
export const BATCH = 64;

/** The files of a part: neighbours, in whole batches. */
export function filesOf(files: readonly string[], { number, of }: Shard): readonly string[] {
  const batches = Math.ceil(files.length / BATCH);
  const border = (part: number) => Math.floor((part * batches) / of) * BATCH;
  return files.slice(border(number - 1), border(number));
}

/** Where the finished rows of a part lie. */
export const partPath = (out: string, { number, of }: Shard): string => `${out}.${number}-of-${of}`;
