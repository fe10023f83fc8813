import { readFile } from 'node:fs/promises';
import type { Speaker } from '../frame/command.js';
import { unusable } from '../frame/failure.js';
import { hold } from '../frame/hold.js';
import { type ScoreRun, shortHash } from './scoring.js';
import { writeWhole } from './write-whole.js';

/** Where the films of all parts are listed. */
export const listPath = (out: string): string => `${out}.list`;

/**
 * The films of all parts, as the first one to begin has found them: a folder or an archive may have others by the time when the next one
 * looks. The list goes when the table is there.
 *
 * @throws Failure where parts of another run are there, or on their way
 */
export async function sharedList(
  { all, asked }: ScoreRun,
  out: string,
  key: string,
  say: Speaker,
): Promise<readonly string[]> {
  const run = shortHash([key, asked]);
  const held = await hold(`${out}.join`, { wait: true, say });
  try {
    const found = await listAt(listPath(out));
    if (found && found.run !== run)
      throw unusable(
        `the parts of '${out}' that are there are of other paths, or by another model or backend ('${listPath(out)}'), so that no table would have them all; give all parts the same line on the same backend, or remove that file where its run is over`,
      );
    if (!found) {
      await writeWhole(listPath(out), JSON.stringify({ run, all }));
      return all;
    }
    const listed = new Set(found.all);
    const leftOut = all.filter((file) => !listed.has(file)).length;
    const films = `the films are the ${found.all.length} that the first part found ('${listPath(out)}'), not the ${all.length} of now`;
    if (leftOut > 0)
      say.warning({
        code: 'FILMS_LEFT_OUT',
        message: `${films}; left out: ${leftOut}; once the table is there, the same lines score the others`,
      });
    else if (found.all.length > all.length) say.note(films);
    return found.all;
  } finally {
    await held.release();
  }
}

async function listAt(
  path: string,
): Promise<{ readonly run: string; readonly all: readonly string[] } | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}
