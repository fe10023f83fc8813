import { createInterface } from 'node:readline';
import { Missing } from './contestant.js';
import type { Task } from './task.js';

/** The contestant's side of the protocol: says when it stands ready, then works whenever it is asked to. */
export async function serve(prepare: () => Promise<Task>): Promise<void> {
  try {
    const { run, timed, end, facts, unit = 'ms' } = await prepare();
    say({ ready: true, ...facts });
    for await (const _ of createInterface({ input: process.stdin })) {
      const started = clock();
      const told = await run();
      const milliseconds = timed ? told : clock() - started;
      // Kilobytes on Linux.
      say({ value: unit === 'ms' ? milliseconds : process.resourceUsage().maxRSS / 1024 });
    }
    await end?.();
  } catch (error) {
    say(
      error instanceof Missing
        ? { missing: error.what, remedy: error.remedy }
        : { error: String((error as Error)?.stack ?? error) },
    );
    process.exitCode = 1;
  }
}

/** Milliseconds passed, or with `--cpu-time` those that this process's threads have computed. */
function clock(): number {
  if (!process.env.SPEED_CPU_TIME) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function say(line: object): void {
  process.stdout.write(`@speed ${JSON.stringify(line)}\n`);
}
