import { createHash } from 'node:crypto';
import { copyFile, lstat, mkdir, open, readFile, rename, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join, parse } from 'node:path';
import type { FileMark } from './quarantine-log.js';

/** The first free name below a folder: that of the path, else with a number. */
export async function freeName(folder: string, path: string, reserved: string): Promise<string> {
  const { dir, name, ext } = parse(path);
  for (let number = 1; ; number++) {
    const tried = number === 1 ? path : join(dir, `${name} (${number})${ext}`);
    if (tried !== reserved && !(await exists(join(folder, tried)))) return tried;
  }
}

/**
 * Moves a file by one rename, or copies it: nothing is overwritten but an empty file that holds the name, which this makes first, or
 * which a process that died has made. Across devices it is copied, written out, and named before the first one goes.
 *
 * @returns false where the name is another file's
 */
export async function moveAside(
  from: string,
  to: string,
  { bytes }: FileMark,
  copy: boolean,
): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true });
  const there = await lstat(to).catch(() => undefined);
  if (there && there.size > 0) {
    if (there.size !== bytes || !(await sameContent(from, to))) return false;
    // A process copied it, and died before the first name went.
    if (!copy) await unlink(from);
    return true;
  }
  if (!there && !(await reserve(to))) return false;
  if (there) await rm(partialOf(to), { force: true });
  try {
    if (copy) await copyOut(from, to);
    else
      await rename(from, to).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EXDEV') throw error;
        await copyOut(from, to);
        await unlink(from);
      });
  } catch (error) {
    if ((await lstat(to)).size === 0) await unlink(to);
    throw error;
  }
  return true;
}

/** An empty file of a name that nobody had. */
async function reserve(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx')).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** A copy that is whole and on disk as soon as it has its name. */
async function copyOut(from: string, to: string): Promise<void> {
  const beside = partialOf(to);
  try {
    await copyFile(from, beside);
    const file = await open(beside, 'r+');
    await file.sync().finally(() => file.close());
    await rename(beside, to);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** Short, whatever the length of the name; and the same again where a process died over it. */
function partialOf(path: string): string {
  const short = createHash('sha256').update(basename(path)).digest('hex').slice(0, 16);
  return join(dirname(path), `${short}.partial`);
}

async function sameContent(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([readFile(one), readFile(other)]);
  return a.equals(b);
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
