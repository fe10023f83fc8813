/** What is asked of the benchmark. */
export interface Plan {
  readonly sizes: readonly number[];
  readonly backends: readonly string[];
  /** Threads of every program that can use more than one; wasm in Node uses one. */
  readonly threads: number;
  /** Small banks, for a trial of the programs. */
  readonly quick: boolean;
  /** The folder of an earlier checkout, to be compared with too. */
  readonly earlier?: string;
}
