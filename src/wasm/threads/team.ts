import { SaladError } from '../../support/errors.js';
import type { Call } from './recorder.js';
import { STATE, STATE_BYTES } from './shared-state.js';
import { startThread, type Thread } from './start-thread.js';

/** Looks at what others have done before this thread sleeps until they are. */
const LOOKS = 50_000;

/** Milliseconds of one sleep. */
const SLEEP = 100;

/**
 * Sleeps in a row without a job done after which a thread is taken for dead: two minutes, where a job takes a fraction of a second, for
 * machines that are slow and have more threads than cores.
 */
const PATIENCE = 1200;

/** Threads that do jobs on one memory together with the one that gives them. */
export class Team {
  private readonly state = new Int32Array(new SharedArrayBuffer(STATE_BYTES));
  private threads: Thread[] = [];
  private failure: SaladError | undefined;
  /** Whether a thread that the last run gave up may still be at its job. */
  unsure = false;
  private readonly functions: ((...values: unknown[]) => unknown)[];

  /**
   * @param size threads, this one included. @param functions those of this thread's instance of `module`.
   * @param patience sleeps without a job done that a thread is given
   */
  constructor(
    readonly size: number,
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    functions: object,
    private readonly patience = PATIENCE,
  ) {
    this.functions = Object.values(functions);
    const state = this.state.buffer as SharedArrayBuffer;
    for (let i = 1; i < size; i++) {
      const thread = startThread({ state, memory, module }, (reason, begun) => {
        // Where none starts, this thread does all jobs.
        if (begun) this.failure ??= ended(reason);
      });
      if (thread) this.threads.push(thread);
    }
  }

  /**
   * Does jobs, each by whichever thread is free.
   *
   * @param place where their calls lie in memory, as `write` has them. @param words how many numbers they are
   * @throws THREAD_ENDED
   */
  run(jobs: readonly Call[][], place: number, words: number): void {
    this.unsure = false;
    if (this.failure) throw this.failure;
    const { state } = this;
    const first = state[STATE.end];
    const end = (first + jobs.length) | 0;
    state[STATE.first] = first;
    state[STATE.calls] = place;
    state[STATE.words] = words;
    Atomics.store(state, STATE.end, end);
    if (Atomics.load(state, STATE.asleep) > 0) Atomics.notify(state, STATE.end);
    const errors: unknown[] = [];
    for (let job = this.take(); job !== undefined; job = this.take()) {
      try {
        for (const { index, values } of jobs[(job - first) | 0]) this.functions[index](...values);
      } catch (error) {
        errors.push(error);
      }
      Atomics.add(state, STATE.done, 1);
    }
    this.wait(end);
    // Not before the others are done, who work on what would be given back.
    if (errors.length > 0) throw errors[0];
  }

  /** Ends the threads. */
  stop(): void {
    Atomics.store(this.state, STATE.stop, 1);
    Atomics.notify(this.state, STATE.end);
    for (const thread of this.threads) thread.end();
    this.threads = [];
  }

  /** The number of a job that nobody has taken; undefined where none is left. */
  private take(): number | undefined {
    const { state } = this;
    for (;;) {
      const job = Atomics.load(state, STATE.next);
      if (job === Atomics.load(state, STATE.end)) return undefined;
      if (Atomics.compareExchange(state, STATE.next, job, (job + 1) | 0) === job) return job;
    }
  }

  /** Waits until all jobs are done. */
  private wait(end: number): void {
    const { state } = this;
    for (let look = 0; look < LOOKS; look++) {
      if (Atomics.load(state, STATE.done) === end) break;
    }
    let [slept, seen] = [0, Atomics.load(state, STATE.done)];
    while (seen !== end) {
      const woken = Atomics.wait(state, STATE.done, seen, SLEEP);
      const done = Atomics.load(state, STATE.done);
      slept = woken === 'timed-out' && done === seen ? slept + 1 : 0;
      if (slept >= this.patience) {
        this.unsure = true;
        throw this.lost(`no job was done in ${slept * SLEEP} ms`);
      }
      seen = done;
    }
    if (Atomics.load(state, STATE.failed)) throw this.lost('a job failed');
  }

  private lost(reason: string): SaladError {
    this.failure = ended(reason);
    this.stop();
    return this.failure;
  }
}

function ended(reason: string): SaladError {
  return new SaladError(
    'THREAD_ENDED',
    `wasm: a thread that computes ended before its work was done (${reason}); expected threads that run as long as the backend; start the process or the page anew, or call enableWasmTraining({ threads: 1 }).`,
    { reason },
  );
}
