import { constants } from 'node:fs';
import { appendFile, copyFile, link, lstat, mkdir, open, realpath, unlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path';
import type { ImageProblem } from '../images/problems.js';
import { checkKnownOptions } from '../support/check.js';
import { SaladError } from '../support/errors.js';
import { limit } from '../support/limit.js';
import { checkRoot } from './folder-records.js';

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
 * Nothing is overwritten: a name that is taken gets a number. No file is lost: the line and the second
 * name are on disk before the first name goes, across devices after a copy that has been written out. What
 * cannot be moved (a link, a folder, a file that is gone) stays, and the report says so.
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
  return (problem) => inTurn(() => putAside(problem));

  async function putAside(problem: ImageProblem): Promise<string> {
    const { code } = problem;
    if (!codes.includes(code)) return 'stays where it is';
    const path = pathOf(problem);
    const from = join(root, path);
    if (leaves(root, from)) return 'stays where it is: outside of its folder';
    try {
      if (!(await lstat(from)).isFile()) return 'stays where it is: no plain file';
      if (leaves(await realpath(root), await realpath(from)))
        return 'stays where it is: outside of its folder, behind a link';
      const to = await secondName(from, join(folder, path), copy);
      const name = relative(folder, to);
      await writeDown(to, { path, name, copy, ...problem });
      if (!copy) await unlink(from);
      return `${copy ? 'copied' : 'moved'} to ${name}`;
    } catch (error) {
      return `stays where it is: ${(error as NodeJS.ErrnoException).code ?? String(error)}`;
    }
  }

  async function writeDown(to: string, line: object): Promise<void> {
    try {
      const text = JSON.stringify({ ...line, when: new Date().toISOString() });
      await appendFile(join(folder, LINES), `${text}\n`, { flush: true });
    } catch (error) {
      await unlink(to);
      throw error;
    }
  }
}

/** Gives a file a second name, or a copy where that cannot be or is asked for; never one that is taken. */
async function secondName(from: string, wanted: string, copy: boolean): Promise<string> {
  await mkdir(dirname(wanted), { recursive: true });
  const { dir, name, ext } = parse(wanted);
  for (let number = 1; ; number++) {
    if (number === 1 && name + ext === LINES) continue;
    const to = number === 1 ? wanted : join(dir, `${name} (${number})${ext}`);
    try {
      await (copy ? copyOut(from, to) : link(from, to).catch(() => copyOut(from, to)));
      return to;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** A copy that is on disk when this returns. */
async function copyOut(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    const file = await open(to, 'r+');
    await file.sync().finally(() => file.close());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await unlink(to).catch(() => {});
    throw error;
  }
}

function leaves(root: string, path: string): boolean {
  const way = relative(resolve(root), resolve(path));
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
}
