/** The process of a contestant that runs on tfjs: `worker.ts '{"task": "fit-step", "backend": "wasm", ...}'`. */
import { createInterface } from 'node:readline';
import { startBackend } from './backends.js';
import { Missing } from './contestant.js';
import type { Task, TaskSettings } from './task.js';

const tasks: Record<string, () => Promise<{ prepare(settings: TaskSettings): Promise<Task> }>> = {
  'bare-step': () => import('./tasks/bare-step.js'),
  'export-network': () => import('./tasks/export-network.js'),
  'fit-step': () => import('./tasks/fit-step.js'),
  'plain-forward': () => import('./tasks/plain-forward.js'),
  'plain-step': () => import('./tasks/plain-step.js'),
};

function say(line: object): void {
  process.stdout.write(`@speed ${JSON.stringify(line)}\n`);
}

async function work(): Promise<void> {
  const settings = JSON.parse(process.argv[2]) as TaskSettings;
  const versions = await startBackend(settings.backend, settings.kernels);
  const { prepare } = await tasks[settings.task]();
  const { run, facts, unit = 'ms' } = await prepare(settings);
  say({ ready: true, versions, ...facts });
  for await (const _ of createInterface({ input: process.stdin })) {
    const started = performance.now();
    await run();
    const milliseconds = performance.now() - started;
    // Kilobytes on Linux.
    say({ value: unit === 'ms' ? milliseconds : process.resourceUsage().maxRSS / 1024 });
  }
}

work().catch((error) => {
  say(
    error instanceof Missing
      ? { missing: error.what, remedy: error.remedy }
      : { error: String(error?.stack ?? error) },
  );
  process.exitCode = 1;
});
