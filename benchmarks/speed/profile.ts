/**
 * Where the time of a task goes, kernel by kernel: kernels of wasm and tensorflow return when they are done,
 * so a clock around each tells. A kernel that calls others counts whole, under its own name.
 *
 *   npx tsx benchmarks/speed/profile.ts --task fit-step --backend tensorflow --size 64
 *   npx tsx benchmarks/speed/profile.ts --task embed --backend tensorflow --size 64
 */
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from './backends.js';
import type { Task, TaskSettings } from './task.js';

const { values: flags } = parseArgs({
  options: {
    task: { type: 'string', default: 'fit-step' },
    backend: { type: 'string', default: 'wasm' },
    size: { type: 'string', default: '64' },
    bank: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '10' },
  },
});

/** Milliseconds and calls of each kernel. */
const spent = new Map<string, { ms: number; calls: number }>();
let depth = 0;

function timed(name: string, kernel: tf.KernelFunc): tf.KernelFunc {
  return (args) => {
    const began = performance.now();
    depth += 1;
    try {
      return kernel(args);
    } finally {
      depth -= 1;
      if (depth === 0) {
        const entry = spent.get(name) ?? { ms: 0, calls: 0 };
        spent.set(name, { ms: entry.ms + performance.now() - began, calls: entry.calls + 1 });
      }
    }
  };
}

const settings: TaskSettings = {
  task: flags.task,
  backend: flags.backend,
  size: Number(flags.size),
  bank: Number(flags.bank),
  kernels: 'ours',
};
await startBackend(settings.backend, settings.kernels);
for (const kernel of tf.getKernelsForBackend(settings.backend)) {
  tf.unregisterKernel(kernel.kernelName, settings.backend);
  const kernelFunc = timed(kernel.kernelName, kernel.kernelFunc);
  // Set-up has been done: the backend has started.
  tf.registerKernel({ ...kernel, setupFunc: undefined, kernelFunc });
}
const { prepare } = (await import(`./tasks/${settings.task}.js`)) as {
  prepare(settings: TaskSettings): Promise<Task>;
};
const { run } = await prepare(settings);
for (let i = 0; i < 3; i++) await run();

spent.clear();
const runs = Number(flags.runs);
const began = performance.now();
for (let i = 0; i < runs; i++) await run();
const whole = (performance.now() - began) / runs;
const rows = [...spent].map(([name, { ms, calls }]) => ({
  name,
  ms: ms / runs,
  calls: calls / runs,
}));
const inKernels = rows.reduce((sum, { ms }) => sum + ms, 0);
rows.push({ name: 'outside kernels', ms: whole - inKernels, calls: 1 });
console.log(
  `${settings.task}, ${settings.backend}, ${settings.size} px: ${whole.toFixed(1)} ms a run\n`,
);
console.log('| kernel | ms | share | calls |\n| --- | --- | --- | --- |');
for (const { name, ms, calls } of rows.sort((a, b) => b.ms - a.ms).slice(0, 12)) {
  const share = ((100 * ms) / whole).toFixed(1);
  console.log(`| ${name} | ${ms.toFixed(2)} | ${share}% | ${calls.toFixed(0)} |`);
}
process.exit(0);
