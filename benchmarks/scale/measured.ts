import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Of a process and all that it started. */
export interface Measured {
  readonly seconds: number;
  /** Seconds of processor time, summed over processes; those of one that lived less than a tenth of a second are missing. */
  readonly processorSeconds: number;
  /** Bytes of resident memory, the highest sum over processes; shared pages count in each. */
  readonly peakMemory: number;
}

export interface Line {
  readonly program: string;
  readonly given: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Ticks a second of /proc. */
const TICKS = 100;

/**
 * Runs lines side by side to their end; Linux alone.
 *
 * @param meanwhile what happens to them as they run
 */
export async function measured(
  lines: readonly Line[],
  meanwhile?: (children: readonly ChildProcess[]) => Promise<void>,
): Promise<Measured> {
  const began = performance.now();
  const texts = lines.map(() => '');
  const children = lines.map(({ program, given, env }, i) => {
    const child = spawn(program, given, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        texts[i] = `${texts[i]}${data}`.slice(-4000);
      });
    return child;
  });
  const ticks = new Map<number, number>();
  let peakMemory = 0;
  const watch = setInterval(() => {
    const all = descendants(children.flatMap(({ pid }) => pid ?? []));
    peakMemory = Math.max(
      peakMemory,
      all.reduce((sum, { memory }) => sum + memory, 0),
    );
    for (const { pid, used } of all) ticks.set(pid, used);
  }, 100);
  try {
    const codes = children.map((child) => new Promise((resolve) => child.on('close', resolve)));
    await meanwhile?.(children);
    const ended = await Promise.all(codes);
    const failed = ended.findIndex((code, i) => code !== 0 && code !== 5 && !children[i].killed);
    if (failed >= 0) throw new Error(`ended with ${ended[failed]}: ${texts[failed]}`);
  } finally {
    clearInterval(watch);
  }
  const used = [...ticks.values()].reduce((sum, one) => sum + one, 0);
  const seconds = (performance.now() - began) / 1000;
  return { seconds, processorSeconds: used / TICKS, peakMemory };
}

/** Bytes of resident memory of a process and all that it started; shared pages count in each. */
export const residentMemory = (pid: number): number =>
  descendants([pid]).reduce((sum, { memory }) => sum + memory, 0);

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly used: number;
  readonly memory: number;
}

function descendants(roots: readonly number[]): Process[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processOf(Number(name)));
  const kept = new Set(roots);
  for (let before = -1; before !== kept.size; ) {
    before = kept.size;
    for (const { pid, parent } of all) if (kept.has(parent)) kept.add(pid);
  }
  return all.filter(({ pid }) => kept.has(pid));
}

function processOf(pid: number): Process[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may hold anything: state, parent, ..., user and system time, ..., pages.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [parent, user, system, pages] = [1, 11, 12, 21].map((at) => Number(fields[at]));
    return [{ pid, parent, used: user + system, memory: pages * 4096 }];
  } catch {
    return [];
  }
}
