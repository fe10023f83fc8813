import type { Task } from './inputs.js';
import type { Examiner } from './process.js';

/** Tries to find a shorter file. */
const TRIES = 300;

/** A shorter file of which the same is found: pieces are left out for as long as it stays. */
export async function minimise(
  examiner: Examiner,
  found: {
    readonly task: Task;
    readonly seed: number;
    readonly index: number;
    readonly bytes: Uint8Array;
    readonly what: string;
  },
): Promise<Uint8Array> {
  const { task, seed, index, what } = found;
  const kind = (text: string) => text.replace(/\d+/g, '#').slice(0, 60);
  let { bytes } = found;
  let tries = 0;
  const stays = async (candidate: Uint8Array) => {
    tries += 1;
    const order = { task, seed, from: index, to: index + 1, skip: [] };
    const sent = Buffer.from(candidate).toString('base64');
    const result = await examiner.run({ ...order, bytes: sent });
    const seen = 'answer' in result ? result.answer.findings[0]?.what : result.what;
    return seen !== undefined && kind(seen) === kind(what);
  };
  for (let size = bytes.length >> 1; size >= 1 && tries < TRIES; size >>= 1) {
    for (let at = 0; at < bytes.length && tries < TRIES; ) {
      const candidate = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
      if (await stays(candidate)) bytes = candidate;
      else at += size;
    }
  }
  return bytes;
}
