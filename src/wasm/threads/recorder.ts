/** A call that a thread is to make: which function of the module, and its arguments. */
export interface Call {
  readonly index: number;
  readonly values: readonly unknown[];
}

type Functions = Readonly<Record<string, (...values: never[]) => unknown>>;

/** Stands in for the functions of a module and writes down what is called. Sizes of scratch are told at once. */
export class Recorder<Exports> {
  readonly functions: Exports;
  private calls: Call[] = [];

  constructor(functions: Exports) {
    const entries = Object.entries(functions as Functions).map(([name, call], index) => [
      name,
      name.endsWith('Scratch')
        ? call
        : (...values: unknown[]) => {
            this.calls.push({ index, values });
          },
    ]);
    this.functions = Object.fromEntries(entries) as Exports;
  }

  /** The calls that `use` makes. */
  record(use: () => void): Call[] {
    const calls: Call[] = [];
    this.calls = calls;
    use();
    return calls;
  }
}

/** Numbers that `write` takes for so many jobs: where each begins, and the calls. */
export function wordsOf(jobs: readonly Call[][]): number {
  return jobs.flat().reduce((words, { values }) => words + 2 + values.length, jobs.length + 1);
}

/** Writes jobs as the program of a thread reads them. */
export function write(jobs: readonly Call[][], words: Float64Array): void {
  let at = jobs.length + 1;
  jobs.forEach((calls, job) => {
    words[job] = at;
    for (const { index, values } of calls) {
      words[at++] = index;
      words[at++] = values.length;
      for (const value of values) words[at++] = Number(value);
    }
  });
  words[jobs.length] = at;
}
