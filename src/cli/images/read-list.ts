import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { unusable } from '../frame/failure.js';

/** Paths from a file, one a line; `-` is the standard input. */
export async function readList(list: string | undefined): Promise<string[]> {
  if (list === undefined) return [];
  const found =
    list === '-'
      ? await text(process.stdin)
      : await readFile(list, 'utf8').catch((cause) => {
          throw unusable(
            `the list '${list}' cannot be read (${cause.code}); expected a text file with one path a line`,
          );
        });
  return (
    found
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      // A name may begin or end with a space.
      .filter((line) => line.trim() !== '')
  );
}
