import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { enableWasmTraining } from '../../../src/wasm/index.js';
import { simdOf } from '../../../src/wasm/simd/simd-of.js';
import { wordsOf, write } from '../../../src/wasm/threads/recorder.js';
import { STATE } from '../../../src/wasm/threads/shared-state.js';
import { Team } from '../../../src/wasm/threads/team.js';
import { codeOf } from '../../support/code-of.js';
import { cutSmallWork } from './cut-small-work.js';
import { removeWasm, useThreadedWasm } from './threaded.js';

/** Threads that were started, by whatever means. */
const started: Worker[] = [];

/** Node's own module, which the library asks for by name. */
const node = process.getBuiltinModule('node:worker_threads');

let cut: ReturnType<typeof cutSmallWork>;
beforeEach(async () => {
  await useThreadedWasm(3);
  cut = cutSmallWork();
  started.length = 0;
  node.Worker = class extends Worker {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given);
      started.push(this);
    }
  };
});
afterEach(() => {
  node.Worker = Worker;
  cut.restore();
  removeWasm();
});

/** A thread of another program. */
class Failing extends Worker {
  static readonly code: string = '';
  constructor(_: unknown, options: object) {
    super(new.target.code, options);
    started.push(this);
  }
}

/** Resolves when all threads that were started have ended. */
const allEnded = () =>
  Promise.all(
    started.map((thread) => new Promise<void>((end) => thread.once('exit', () => end()))),
  );

const compute = () => tf.tidy(() => tf.exp(tf.ones([1000])).dataSync());

describe('threads', () => {
  test('start with the first work that is cut, one fewer than asked for, and stay', () => {
    expect(started).toHaveLength(0);
    compute();
    expect(started).toHaveLength(2);
    compute();
    expect(started).toHaveLength(2);
  });

  test('as many as were asked for last', async () => {
    compute();
    const ended = allEnded();
    enableWasmTraining({ threads: 1 });
    compute();
    await ended;
    enableWasmTraining();
    expect(started).toHaveLength(2);
    enableWasmTraining({ threads: 5 });
    compute();
    expect(started).toHaveLength(6);
  });

  test('as many as there are cores where nobody asks, which the machine is asked once', () => {
    const os = process.getBuiltinModule('node:os');
    const { availableParallelism } = os;
    const cores = vi.fn(() => 2 + cores.mock.calls.length);
    os.availableParallelism = cores;
    const engine = tf.engine() as unknown as Record<symbol, unknown>;
    engine[Symbol.for('salad-ad/wasm/threads')] = undefined;
    try {
      compute();
      compute();
    } finally {
      os.availableParallelism = availableParallelism;
    }
    expect(cores).toHaveBeenCalledOnce();
    expect(started).toHaveLength(2);
  });

  test('end with the backend', async () => {
    compute();
    const ended = allEnded();
    tf.removeBackend('wasm');
    await ended;
    await useThreadedWasm(2);
    expect(compute()[0]).toBeCloseTo(Math.E, 6);
  });

  test('that cannot start leave all work to this one', async () => {
    node.Worker = class extends Failing {
      static override readonly code = "throw new Error('no room')";
    };
    const [expected] = compute();
    await allEnded();
    expect(compute()[0]).toBe(expected);
  });

  test('one that was given up may still write: its memory is not given out again', () => {
    node.Worker = class extends Failing {
      static override readonly code = 'setInterval(() => {}, 1000)';
    };
    compute();
    const { threads } = simdOf(tf.backend()) as unknown as {
      threads: { team: { state: Int32Array; patience: number } };
    };
    const { team } = threads;
    team.patience = 2;
    const before = tf.backend().numDataIds();
    // As a thread does that takes a job and is slow.
    Atomics.add(team.state, STATE.next, 1);
    const x = tf.ones([1000]);
    expect(codeOf(() => tf.exp(x))).toBe('THREAD_ENDED');
    // Its calls and what it makes, beside x.
    const held = tf.backend().numDataIds();
    expect(held).toBe(before + 3);
    // Those of kernels to come are given back as ever.
    expect(codeOf(() => tf.exp(x))).toBe('THREAD_ENDED');
    enableWasmTraining({ threads: 1 });
    compute();
    expect(tf.backend().numDataIds()).toBe(held);
    x.dispose();
  });

  test('one that ends by itself is an error of the next kernel', async () => {
    compute();
    await new Promise((ready) => started[0].once('message', ready));
    await started[0].terminate();
    expect(await codeOf(async () => compute())).toBe('THREAD_ENDED');
    expect(await codeOf(async () => compute())).toBe('THREAD_ENDED');
  });
});

describe('a team', () => {
  const memory = () => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  // (module (import "env" "memory" (memory 0 1 shared)) (func (export "fail") unreachable))
  const failing = new WebAssembly.Module(
    Uint8Array.of(
      ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0],
      ...[2, 16, 1, 3, 101, 110, 118, 6, 109, 101, 109, 111, 114, 121, 2, 3, 0, 1],
      ...[3, 2, 1, 0, 7, 8, 1, 4, 102, 97, 105, 108, 0, 0, 10, 5, 1, 3, 0, 0, 11],
    ),
  );

  test('does not wait for ever for a job that a thread has taken with it', () => {
    const team = new Team(1, failing, memory(), { noop: () => {} }, 2);
    const { state } = team as unknown as { state: Int32Array };
    // As a thread leaves it that ends between taking a job and having done it.
    Atomics.add(state, STATE.next, 1);
    const job = [{ index: 0, values: [] }];
    expect(() => team.run([job, job], 0, 0)).toThrowError(
      /^wasm: a thread .*no job was done in 200 ms.*\[THREAD_ENDED\]$/,
    );
  });

  test('a job that fails on another thread is an error', () => {
    const wait = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    const shared = memory();
    const team = new Team(2, failing, shared, { fail: wait });
    const job = [{ index: 0, values: [] }];
    const jobs = [job, job, job, job];
    const words = wordsOf(jobs);
    write(jobs, new Float64Array(shared.buffer, 0, words));
    const often = () => {
      // Until the thread has started, this one does all jobs.
      for (let run = 0; run < 1000; run++) team.run(jobs, 0, words);
    };
    expect(often).toThrowError(/^wasm: a thread .*a job failed.*\[THREAD_ENDED\]$/);
  });
});
