import { check, said } from './check.js';

/**
 * Seeded random numbers that can be addressed: a stream is named by a seed and a path
 * (`['shuffle', epoch]`, say), so a resumed run draws what the uninterrupted one would have drawn,
 * and no worker count or order of reading changes a draw.
 *
 * The path is hashed to 32 bits by FNV-1a with an avalanche step, and mulberry32 runs from there.
 * tfjs's own generators are not used: they treat seed 0 as no seed.
 *
 * @example
 * const order = new RandomStream(7, ['shuffle', 0]).permutation(100); // the same on every machine
 */
export class RandomStream {
  private state: number;
  private spare: number | undefined;

  /**
   * @param seed a whole number
   * @param path the name of the stream: streams of another name draw other numbers
   * @throws INVALID_OPTION
   */
  constructor(seed: number, path: readonly (string | number)[] = []) {
    check(
      Array.isArray(path),
      'INVALID_OPTION',
      () => `RandomStream: path is ${said(path)}; expected an array.`,
    );
    this.state = hashText(`${seed}/${path.join('/')}`);
  }

  /**
   * Draws a number.
   *
   * @returns uniform in [0, 1)
   */
  uniform(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /**
   * Draws a number by Marsaglia's polar method.
   *
   * @returns standard normal: mean 0, variance 1
   */
  gaussian(): number {
    if (this.spare !== undefined) {
      const value = this.spare;
      this.spare = undefined;
      return value;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const radius = x * x + y * y;
      if (radius >= 1 || radius === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(radius)) / radius);
      this.spare = y * factor;
      return x * factor;
    }
  }

  /**
   * Draws a whole number.
   *
   * @param bound a whole number above 0
   * @returns uniform from 0 to bound - 1
   */
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /**
   * Draws an order by Fisher-Yates.
   *
   * @param size how many indices
   * @returns [size], the indices 0 to size - 1 in random order
   */
  permutation(size: number): Int32Array {
    const order = Int32Array.from({ length: size }, (_, i) => i);
    for (let i = size - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = order[i];
      order[i] = order[j];
      order[j] = held;
    }
    return order;
  }
}

/** 32 bits of a text: FNV-1a with an avalanche step. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
