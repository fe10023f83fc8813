import { countBelow } from '../metrics/count-below.js';

/**
 * All values of a stream so far, and how high the next one ranks among them.
 *
 *     p = (#{higher} + u #{equal, itself included}) / (n + 1)
 *
 * With u uniform on (0, 1), independent of all else, the p-values of an exchangeable stream are independent and uniform.
 *
 * @see Vovk, Gammerman, Shafer: Algorithmic Learning in a Random World, 2005, section 2.5 (smoothed), theorem 8.2; as
 * `SequentialRankConformalizer` of nonconform 2.0.
 */
export interface Ranks<Value> {
  /** Takes a value in, without a p-value. */
  prime(value: Value): void;
  /** The p-value of a value among all before it and itself; takes it in. @param u in (0, 1) */
  add(value: Value, u: number): number;
  /** What it holds, as JSON. */
  toJSON(): unknown;
}

/** Ranks of numbers: a small p-value for a high one. Holds every number. */
export class NumberRanks implements Ranks<number> {
  /** @param sorted rising; becomes its own */
  constructor(private readonly sorted: number[] = []) {}

  prime(value: number): void {
    this.sorted.splice(countBelow(this.sorted, value, { orEqual: true }), 0, value);
  }

  add(value: number, u: number): number {
    const count = this.sorted.length;
    const below = countBelow(this.sorted, value);
    const upTo = countBelow(this.sorted, value, { orEqual: true });
    this.sorted.splice(upTo, 0, value);
    return (count - upTo + u * (upTo - below + 1)) / (count + 1);
  }

  toJSON(): readonly number[] {
    return this.sorted;
  }
}

/** Ranks of words: a small p-value for one that is rare so far, itself counted. Holds how often each came. */
export class WordRanks implements Ranks<string> {
  private readonly counts: Map<string, number>;

  constructor(counts: readonly (readonly [string, number])[] = []) {
    this.counts = new Map(counts);
  }

  prime(value: string): void {
    this.counts.set(value, (this.counts.get(value) ?? 0) + 1);
  }

  add(value: string, u: number): number {
    this.prime(value);
    const own = this.counts.get(value) as number;
    let [rarer, equal, all] = [0, 0, 0];
    for (const count of this.counts.values()) {
      all += count;
      if (count < own) rarer += count;
      if (count === own) equal += count;
    }
    return (rarer + u * equal) / all;
  }

  toJSON(): readonly (readonly [string, number])[] {
    return [...this.counts];
  }
}
