import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { inject } from 'vitest';

/** What a process said, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The built program as npm links it. */
export const program = (project = inject('project')): string =>
  join(project, 'node_modules/.bin/salad-ad');

/** Runs the installed program in a pipe; `meanwhile` sees what it says and may send it a signal. */
export function run(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly project?: string;
    /** What is run in its place. */
    readonly program?: string;
    readonly input?: string;
    /** Beside those of the tests. */
    readonly env?: Readonly<Record<string, string>>;
    readonly meanwhile?: (process: ChildProcess, err: string) => void;
  } = {},
): Promise<Ended> {
  const { cwd = inject('project'), input = '', meanwhile } = options;
  const command = options.program ?? program(options.project);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: 'pipe',
      env: { ...process.env, ...options.env },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      err += data;
      meanwhile?.(child, err);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.end(input);
  });
}

/** The events of a pipe; a line that is no JSON is what went wrong. */
export const eventsOf = (err: string): Record<string, unknown>[] =>
  err
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
