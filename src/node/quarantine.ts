import type { BigIntStats } from 'node:fs';
import { lstat, mkdir, realpath } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { ImageProblem } from '../images/problems.js';
import { checkKnownOptions } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { limit } from '../support/limit.js';
import { checkRoot } from './folder-records.js';
import { freeName, moveAside } from './move-aside.js';
import { type FileMark, QuarantineLog } from './quarantine-log.js';

/** Options of `quarantine`. */
export interface QuarantineOptions {
  /** The folder that holds the images. */
  readonly root: string;
  /**
   * Where the files go, under the same names.
   *
   * @defaultValue `<root>-quarantine`
   */
  readonly folder?: string;
  /**
   * Whether the file stays where it is and a copy is put aside.
   *
   * @defaultValue false
   */
  readonly copy?: boolean;
  /**
   * The path of an image below the root.
   *
   * @defaultValue its id
   */
  readonly pathOf?: (problem: ImageProblem) => string;
  /**
   * Codes of problems whose files are put aside.
   *
   * @defaultValue `['IMAGE_INVALID', 'IMAGE_TRUNCATED']`: damaged files, none that is only too large or not decoded here
   */
  readonly codes?: readonly string[];
}

/** Codes of damaged files. One that is too large or of an unknown kind may be sound. */
const DAMAGED = ['IMAGE_INVALID', 'IMAGE_TRUNCATED'];

const LINES = 'quarantine.jsonl';

/**
 * Makes a function that moves the files of images that cannot be read into another folder, each with a line of JSON in `quarantine.jsonl` on
 * where it was, where it went and why.
 *
 * Nothing is overwritten: a name that is taken gets a number. The line is on disk before the file is moved, which is one rename; across
 * devices it is copied and written out first. Whatever a process that dies leaves half done, the next one that meets the file brings to
 * its end: no file is lost, none has two lines. What cannot be moved (a link, a folder, a file that is gone) stays, and the
 * report says so.
 *
 * @param options `root`; all others have defaults
 * @returns a function for the option `quarantine` of `checkImages` and `recordSource`; it says what it did with the file
 * @throws UNKNOWN_OPTION; INVALID_OPTION where the quarantine lies within the root, whose images would be read from there
 * @example
 * const { source, report } = await checkImages(films, {
 *   onUnreadable: 'quarantine',
 *   quarantine: quarantine({ root: 'films' }),
 * });
 */
export function quarantine(options: QuarantineOptions): (problem: ImageProblem) => Promise<string> {
  checkKnownOptions('quarantine', options, {
    root: true,
    folder: true,
    copy: true,
    pathOf: true,
    codes: true,
  });
  checkRoot('quarantine', options.root);
  const { root, copy = false, pathOf = ({ id }) => id, codes = DAMAGED } = options;
  const { folder = `${resolve(root)}-quarantine` } = options;
  if (!leaves(root, folder))
    throw new SaladError(
      'INVALID_OPTION',
      'quarantine: folder lies within root; expected a folder beside it, or its images would be found there again.',
      { root, folder },
    );
  // One at a time, so that lines do not mix.
  const inTurn = limit(1);
  const log = new QuarantineLog(join(folder, LINES));
  return (problem) => inTurn(() => putAside(problem));

  async function putAside(problem: ImageProblem): Promise<string> {
    const { code } = problem;
    if (!codes.includes(code)) return 'stays where it is';
    const path = pathOf(problem);
    const from = join(root, path);
    if (leaves(root, from)) return 'stays where it is: outside of its folder';
    try {
      const found = await lstat(from, { bigint: true });
      if (!found.isFile()) return 'stays where it is: no plain file';
      if (leaves(await realpath(root), await realpath(from)))
        return 'stays where it is: outside of its folder, behind a link';
      const file = markOf(found);
      const name = (await finished(path, from, file)) ?? (await begun(path, from, file, problem));
      return `${copy ? 'copied' : 'moved'} to ${basename(folder)}/${name}`;
    } catch (error) {
      return `stays where it is: ${(error as NodeJS.ErrnoException).code ?? String(error)}`;
    }
  }

  /** Brings to its end what a process wrote down of this very file and did not live to do. */
  async function finished(path: string, from: string, file: FileMark): Promise<string | undefined> {
    const line = await log.find(path);
    if (line?.copy !== copy || !sameFile(line.file, file)) return undefined;
    const to = join(folder, line.name);
    if (leaves(folder, to)) return undefined;
    return (await moveAside(from, to, file, copy)) ? line.name : undefined;
  }

  /** Writes down what is to happen, then does it. */
  async function begun(
    path: string,
    from: string,
    file: FileMark,
    problem: ImageProblem,
  ): Promise<string> {
    await mkdir(folder, { recursive: true });
    for (;;) {
      const name = await freeName(folder, path, LINES);
      const takeBack = await log.add({ path, name, copy, file, ...problem });
      try {
        if (await moveAside(from, join(folder, name), file, copy)) return name;
      } catch (error) {
        await takeBack();
        throw error;
      }
      await takeBack();
    }
  }
}

function markOf({ ino, size, mtimeMs }: BigIntStats): FileMark {
  return { inode: String(ino), bytes: Number(size), modified: Number(mtimeMs) };
}

function sameFile(one: FileMark | undefined, other: FileMark): boolean {
  return (
    one !== undefined &&
    one.inode === other.inode &&
    one.bytes === other.bytes &&
    one.modified === other.modified
  );
}

function leaves(root: string, path: string): boolean {
  const way = relative(resolve(root), resolve(path));
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
}
