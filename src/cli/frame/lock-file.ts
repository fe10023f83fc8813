import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Who holds a place. */
export interface Process {
  readonly pid: number;
  readonly host: string;
  /** The machine as it was started, and the container, where the system tells them: two of one name have processes of equal numbers. */
  readonly space?: string;
}

/** Whether it could be made: nobody else had. */
export async function written(lock: string, text: string): Promise<boolean> {
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

export interface Found {
  readonly text: string;
  /** Of nobody yet while it is being written. */
  readonly holder: Partial<Process>;
  readonly renewed: number;
}

/** Opened, so that a file system of several machines tells the newest state. */
export async function lockAt(lock: string): Promise<Found | undefined> {
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

/** Whether it is there no longer, or another's; where nobody can tell, it is not. */
export const isTaken = (lock: string, text: string): Promise<boolean> =>
  lockAt(lock).then(
    (found) => found?.text !== text,
    () => false,
  );

/** The time of the file system, which is that of the renewals also where the clocks of machines differ. */
export async function clockBeside(lock: string): Promise<number> {
  const probe = `${lock}.${randomUUID()}`;
  try {
    await writeFile(probe, '');
    return (await stat(probe)).mtimeMs;
  } finally {
    await rm(probe, { force: true });
  }
}

/** One of several that would take it gets it; a lock that came in its place meanwhile goes back. */
export async function takeAway(lock: string, text: string): Promise<void> {
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

/** Removes what processes that were killed left beside the lock; by the time of its last change, for a lock that is put aside keeps that of its renewal. */
export async function removeLeft(lock: string, silence: number): Promise<void> {
  const taken = (await stat(lock)).mtimeMs;
  const beside = `${basename(lock)}.`;
  for (const name of await readdir(dirname(lock))) {
    if (!name.startsWith(beside) || !UUID.test(name.slice(beside.length))) continue;
    const path = join(dirname(lock), name);
    if ((await stat(path)).ctimeMs < taken - silence) await rm(path, { force: true });
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
