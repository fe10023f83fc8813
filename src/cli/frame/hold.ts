import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Speaker } from './command.js';
import { exitCodes } from './exit-codes.js';
import { Failure } from './failure.js';
import { heartbeat } from './heartbeat.js';
import {
  clockBeside,
  type Found,
  isTaken,
  lockAt,
  type Process,
  removeLeft,
  takeAway,
  written,
} from './lock-file.js';

/** A place that this run holds. */
export interface Held {
  /** @throws Failure where another run has taken the place, since this one stood still for too long */
  check(): Promise<void>;
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
    readonly say?: Pick<Speaker, 'note' | 'signal' | 'warning'>;
  } = {},
): Promise<Held> {
  const lock = `${path}.lock`;
  const text = JSON.stringify({ ...me, id: randomUUID() });
  await mkdir(dirname(lock), { recursive: true });
  const pause = (ms: number) => pauseOf(ms, path, say?.signal);
  let contested = false;
  // Of several that take a stale lock away, one may put the lock of another back over that of a third: who has it is seen a moment later.
  const settled = async () => {
    if (contested) await pause(every / 5);
    return !contested || !(await isTaken(lock, text));
  };
  while (!((await written(lock, text)) && (await settled()))) {
    const found = await lockAt(lock);
    if (!found) continue;
    const here = isHere(found.holder, me);
    const ended = here && hasEnded(found.holder.pid, me.pid);
    const age = Math.max(0, (await clockBeside(lock)) - found.renewed);
    // A process that lives may have the number of one that has ended: then nobody renews the lock.
    if (here && !ended && age < 2 * every) {
      if (!wait) throw busy(path, lock, found.holder);
      await pause(every / 5);
      continue;
    }
    if (!ended && !wait)
      say?.note(
        `'${lock}' is there; waiting for at most ${silence / 1000} s to see whether the run that holds '${path}' still lives`,
      );
    if (
      ended ||
      (await isSilent(lock, found, { left: silence - age, pause: () => pause(every / 5) }))
    ) {
      contested = true;
      await takeAway(lock, found.text);
    } else if (!wait && (await lockAt(lock))) throw busy(path, lock, found.holder);
  }
  await removeLeft(lock, silence).catch(() => {});
  const heart = heartbeat(lock, text, every, ({ message }) =>
    say?.warning({
      code: 'LOCK_NOT_RENEWED',
      message: `the thread that renews '${lock}' has ended (${message}); this run goes on, and another may take its place after ${silence / 1000} s: begin none meanwhile`,
    }),
  );
  return {
    async check() {
      if (heart.lost() || (await isTaken(lock, text)))
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
  // The first name space of every machine has the same number, and machines may have the same name.
  const space = [
    told(() => readlinkSync('/proc/self/ns/pid')),
    told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
  ];
  return { pid: process.pid, host: hostname(), space: space.join(' ').trim() || undefined };
}

/** Only Linux tells it. */
function told(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const busy = (path: string, lock: string, { pid, host }: Partial<Process>) =>
  new Failure(
    exitCodes.notNow,
    `another run writes to '${path}' (process ${pid ?? '?'} on ${host ?? '?'}); wait for its end, name another place, or remove '${lock}' where that run has ended`,
  );

/** @throws Failure where the user ends the waiting */
async function pauseOf(ms: number, path: string, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    throw new Failure(
      exitCodes.interrupted,
      `interrupted while it waited for another run at '${path}'; what is done is kept, give the same line again`,
    );
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
  { left, pause }: { readonly left: number; readonly pause: () => Promise<void> },
): Promise<boolean> {
  const began = performance.now();
  while (performance.now() - began <= left) {
    await pause();
    const now = await lockAt(lock);
    if (now?.text !== text || now.renewed !== renewed) return false;
  }
  return true;
}
