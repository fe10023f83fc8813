import { createInterface } from 'node:readline';
import { Missing } from './contestant.js';
import type { Task } from './task.js';

/** The contestant's side of the protocol: says when it stands ready, then works whenever it is asked to. */
export async function serve(prepare: () => Promise<Task>): Promise<void> {
  try {
    const { run, facts, unit = 'ms' } = await prepare();
    say({ ready: true, ...facts });
    for await (const _ of createInterface({ input: process.stdin })) {
      const started = performance.now();
      await run();
      const milliseconds = performance.now() - started;
      // Kilobytes on Linux.
      say({ value: unit === 'ms' ? milliseconds : process.resourceUsage().maxRSS / 1024 });
    }
  } catch (error) {
    say(
      error instanceof Missing
        ? { missing: error.what, remedy: error.remedy }
        : { error: String((error as Error)?.stack ?? error) },
    );
    process.exitCode = 1;
  }
}

function say(line: object): void {
  process.stdout.write(`@speed ${JSON.stringify(line)}\n`);
}
