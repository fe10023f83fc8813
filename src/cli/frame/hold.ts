import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Speaker } from './command.js';
import { exitCodes } from './exit-codes.js';
import { Failure } from './failure.js';
import { heartbeat } from './heartbeat.js';

/** Who holds a place. */
interface Process {
  readonly pid: number;
  readonly host: string;
  /** The container, where the system tells it: two of one host have processes of equal numbers. */
  readonly space?: string;
}

/** A place that this run holds. */
export interface Held {
  /** @throws Failure where another run has taken the place, since this one stood still for too long */
  check(): void;
  release(): Promise<void>;
}

/**
 * Holds a place for one run at a time, by a file `PATH.lock` beside it, which a thread renews as long as the process lives. The lock of a
 * process that has ended counts for nothing: on this machine its number tells, of others and of containers that the lock is renewed no longer.
 *
 * @throws Failure where another run holds it
 */
export async function hold(
  path: string,
  {
    /** Until the other run lets go of it. */
    wait = false,
    /** Milliseconds between two renewals. */
    every = 5000,
    /** Milliseconds without a renewal after which a run has ended. */
    silence = 60_000,
    me = thisProcess(),
    /** Is told where it takes a while to see whether the other run still lives, and may end the waiting. */
    say,
  }: {
    readonly wait?: boolean;
    readonly every?: number;
    readonly silence?: number;
    readonly me?: Process;
    readonly say?: Pick<Speaker, 'note' | 'signal'>;
  } = {},
): Promise<Held> {
  const lock = `${path}.lock`;
  const text = JSON.stringify({ ...me, id: randomUUID() });
  await mkdir(dirname(lock), { recursive: true });
  while (!(await written(lock, text))) {
    const found = await lockAt(lock);
    if (!found) continue;
    const here = isHere(found.holder, me);
    const ended = here && hasEnded(found.holder.pid, me.pid);
    const age = Math.max(0, (await clockBeside(lock)) - found.renewed);
    // A process that lives may have the number of one that has ended: then nobody renews the lock.
    if (here && !ended && age < 2 * every) {
      if (!wait) throw busy(path, lock, found.holder);
      await sleep(every / 50, undefined, { signal: say?.signal });
      continue;
    }
    if (!ended && !wait)
      say?.note(
        `'${lock}' is there; waiting for at most ${silence / 1000} s to see whether the run that holds '${path}' still lives`,
      );
    if (ended || (await isSilent(lock, found, { every, left: silence - age, signal: say?.signal })))
      await takeAway(lock, found.text);
    else if (!wait && (await lockAt(lock))) throw busy(path, lock, found.holder);
  }
  const heart = heartbeat(lock, text, every);
  return {
    check() {
      if (heart.lost())
        throw new Failure(
          exitCodes.notNow,
          `another run has taken '${path}' over, since this one stood still for too long; give the same line again once that has ended`,
        );
    },
    async release() {
      await heart.end();
      if ((await lockAt(lock))?.text === text) await rm(lock, { force: true });
    },
  };
}

function thisProcess(): Process {
  let space: string | undefined;
  try {
    space = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Only Linux has it.
  }
  return { pid: process.pid, host: hostname(), space };
}

const busy = (path: string, lock: string, { pid, host }: Partial<Process>) =>
  new Failure(
    exitCodes.notNow,
    `another run writes to '${path}' (process ${pid ?? '?'} on ${host ?? '?'}); wait for its end, name another place, or remove '${lock}' where that run has ended`,
  );

/** Whether it could be made: nobody else had. */
async function written(lock: string, text: string): Promise<boolean> {
  const file = await open(lock, 'wx').catch((cause) => {
    if (cause.code !== 'EEXIST') throw cause;
  });
  if (!file) return false;
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  return true;
}

interface Found {
  readonly text: string;
  /** Of nobody yet while it is being written. */
  readonly holder: Partial<Process>;
  readonly renewed: number;
}

/** Opened, so that a file system of several machines tells the newest state. */
async function lockAt(lock: string): Promise<Found | undefined> {
  const file = await open(lock).catch((cause) => {
    if (cause.code !== 'ENOENT') throw cause;
  });
  if (!file) return undefined;
  try {
    const text = await file.readFile('utf8');
    return { text, holder: parsed(text), renewed: (await file.stat()).mtimeMs };
  } finally {
    await file.close();
  }
}

function parsed(text: string): Partial<Process> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Whether the number of its process says something: it is of this machine, or this container. */
const isHere = (holder: Partial<Process>, me: Process): boolean =>
  holder.pid !== undefined && holder.host === me.host && holder.space === me.space;

function hasEnded(pid: number | undefined, mine: number): boolean {
  if (pid === undefined || pid === mine) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

/** Waits for a renewal, or until there was none for too long. */
async function isSilent(
  lock: string,
  { text, renewed }: Found,
  {
    every,
    left,
    signal,
  }: { readonly every: number; readonly left: number; readonly signal?: AbortSignal },
): Promise<boolean> {
  const began = performance.now();
  while (performance.now() - began <= left) {
    await sleep(every / 5, undefined, { signal });
    const now = await lockAt(lock);
    if (now?.text !== text || now.renewed !== renewed) return false;
  }
  return true;
}

/** The time of the file system, which is that of the renewals also where the clocks of machines differ. */
async function clockBeside(lock: string): Promise<number> {
  const probe = `${lock}.${randomUUID()}`;
  try {
    await writeFile(probe, '');
    return (await stat(probe)).mtimeMs;
  } finally {
    await rm(probe, { force: true });
  }
}

/** One of several that would take it gets it; a lock that came in its place meanwhile goes back. */
async function takeAway(lock: string, text: string): Promise<void> {
  const aside = `${lock}.${randomUUID()}`;
  try {
    await rename(lock, aside);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw cause;
  }
  if ((await lockAt(aside))?.text === text) await rm(aside, { force: true });
  else await rename(aside, lock);
}
