// What threads of the wasm backend cost: npx tsx benchmarks/speed/thread-costs.ts. In microseconds, on two threads: what a tenth of the runs take at most, since others may use the cores too.

import { setTimeout as pause } from 'node:timers/promises';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { threadedWasm } from '../../src/node/index.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { after } from '../../src/wasm/simd/address.js';
import type { Simd } from '../../src/wasm/simd/simd.js';
import { simdOf } from '../../src/wasm/simd/simd-of.js';

const RUNS = 1000;

/** Values whose exponentials take about half a millisecond: so long that a thread that was asleep takes a part as well. */
const VALUES = 400_000;

tf.removeBackend('wasm');
tf.registerBackend('wasm', threadedWasm(wasm));
enableWasmTraining({ threads: 2 });
await tf.setBackend('wasm');
const simd = simdOf(tf.backend()) as Simd;
const [x, y] = [tf.zeros([VALUES]), tf.zeros([VALUES])];
const [from, to] = simd.addresses(x, y);

/** So many parts, each with so many exponentials of its own. */
const parts = (count: number, values: number) => {
  const jobs = Array.from({ length: count }, (_, i) => ({ functions }: Simd) => {
    const ahead = 4 * values * i;
    functions.exp(after(from, ahead), after(to, ahead), values);
  });
  return () => simd.attempt(() => simd.together(jobs));
};

const half = VALUES / 2;
// Both threads are at work from here on.
for (const start = performance.now(); performance.now() - start < 1000; ) parts(2, half)();

const awake = { alone: parts(1, 0), two: parts(2, 0), four: parts(4, 0) };
const base = await usual(awake.alone);
print('to cut work into 2 parts, threads awake', (await usual(awake.two)) - base);
print('to cut work into 4 parts, threads awake', (await usual(awake.four)) - base);
const shared = await usual(parts(2, half));
print('a part, of which there are two', await usual(parts(1, half)));
print('both, threads awake', shared);
// Longer than a thread looks for work before it sleeps.
const asleep = await usual(parts(2, half), () => pause(2));
print('both, threads asleep', asleep);
print('to wake a thread', asleep - shared);
process.exit();

async function usual(run: () => void, before?: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    await before?.();
    const start = performance.now();
    run();
    times.push(1000 * (performance.now() - start));
  }
  return times.sort((a, b) => a - b)[RUNS / 10];
}

function print(what: string, microseconds: number): void {
  console.log(`${what.padEnd(42)} ${microseconds.toFixed(1).padStart(8)}`);
}
