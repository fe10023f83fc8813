/** What a worker is told to do. */
export interface TaskSettings {
  readonly task: string;
  readonly backend: string;
  /** Whether the library's kernels for that backend are registered: `none` is stock tfjs. */
  readonly kernels: 'ours' | 'none' | 'naive';
  /** Side of the images, pixels. */
  readonly size: number;
  /** Rows of the bank. */
  readonly bank: number;
  /** Threads of the library's kernels on wasm; 1. */
  readonly wasmThreads?: number;
  readonly [option: string]: unknown;
}

/** A piece of work that can be repeated. */
export interface Task {
  /** Does the work, and ends when its result is there; with `timed`, tells the milliseconds that it took. */
  run(): unknown;
  /** Whether the work is timed where it is done, since calling it takes time too. */
  readonly timed?: boolean;
  /** Frees what would keep the process alive. */
  end?(): unknown;
  readonly facts?: Readonly<Record<string, unknown>>;
  /** What a measurement tells: how long the work took, or the process's largest memory so far; 'ms'. */
  readonly unit?: 'ms' | 'MB';
}
