import { access, constants, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { misused, remedyOf, unusable } from './failure.js';

/** Says before any work that no file can be written to a path. @throws Failure */
export async function checkFile(path: string): Promise<void> {
  const facts = await factsOf(path);
  if (facts?.isDirectory())
    throw unusable(`'${path}' is a folder; name a file, such as '${join(path, 'result')}'`);
  // Renaming a result into the place of a device would take the device away.
  if (facts && !facts.isFile())
    throw unusable(`'${path}' is no file but a device or a pipe; name a file`);
  await checkPlace(dirname(resolve(path)), path);
}

/** The same of a folder, which is made where it is not there. @throws Failure */
export async function checkFolder(path: string): Promise<void> {
  const facts = await factsOf(path);
  if (facts && !facts.isDirectory()) throw unusable(`'${path}' is a file; name a folder`);
  await checkPlace(resolve(path), path);
}

/** The same of a folder for a model, among no other files, which nobody would look for beside it. @throws Failure */
export async function checkModelFolder(path: string): Promise<void> {
  await checkFolder(path);
  const there: readonly string[] = await readdir(path).catch(() => []);
  if (there.length > 0 && !there.includes('model.json'))
    throw misused(
      `the folder '${path}' holds other files ('${there[0]}' say); name a folder for the model that is new or empty`,
    );
}

/** The deepest folder on the way that is there must be one that files may be put into. */
async function checkPlace(folder: string, path: string): Promise<void> {
  const facts = await factsOf(folder);
  if (!facts && dirname(folder) !== folder) return checkPlace(dirname(folder), path);
  if (facts && !facts.isDirectory())
    throw unusable(`'${path}' cannot be written: '${folder}' is a file; name another place`);
  await access(folder, constants.W_OK).catch((cause) => {
    throw unusable(`'${path}' cannot be written (${cause.code}); ${remedyOf(cause.code)}`);
  });
}

const factsOf = (path: string) => stat(path).catch(() => undefined);

/**
 * Holds a place for one run at a time, by a file `PATH.lock` beside it. The lock of a process that has ended on this machine counts
 * for nothing.
 *
 * @returns what lets go of it
 * @throws Failure where another run holds it
 */
export async function hold(path: string): Promise<() => Promise<void>> {
  const lock = `${path}.lock`;
  await mkdir(dirname(lock), { recursive: true });
  for (;;) {
    const file = await open(lock, 'wx').catch((cause) => {
      if (cause.code !== 'EEXIST') throw cause;
    });
    if (file) {
      await file.write(JSON.stringify({ pid: process.pid, host: hostname() }));
      await file.close();
      return () => rm(lock, { force: true });
    }
    const { pid, host } = await holderOf(lock);
    if (host !== hostname() || lives(pid))
      throw unusable(
        `another run writes to '${path}' (process ${pid} on ${host}); wait for its end, name another place, or remove '${lock}' where that run has ended`,
      );
    await rm(lock, { force: true });
  }
}

/** Nobody, where the lock went in the meantime or was cut off. */
async function holderOf(lock: string): Promise<{ readonly pid: number; readonly host: string }> {
  try {
    return JSON.parse(await readFile(lock, 'utf8'));
  } catch {
    return { pid: 0, host: hostname() };
  }
}

function lives(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
