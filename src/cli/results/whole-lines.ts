import { open } from 'node:fs/promises';
import { absent } from './absent.js';

const LINE_BREAK = 10;

/**
 * The lines of a file that end with a line break, each with the number of bytes up to its end; what was cut off behind the last one is none. Memory holds a
 * line and a piece of the file. A file that is not there has no lines.
 */
export async function* wholeLines(
  path: string,
): AsyncGenerator<{ readonly line: string; readonly end: number }> {
  const file = await open(path).catch(absent);
  if (!file) return;
  let rest = Buffer.alloc(0);
  let end = 0;
  // Closes the file by itself, also where not all lines are asked for.
  for await (const piece of file.createReadStream()) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : (piece as Buffer);
    let from = 0;
    for (let at = bytes.indexOf(LINE_BREAK); at !== -1; at = bytes.indexOf(LINE_BREAK, from)) {
      end += at + 1 - from;
      yield { line: bytes.toString('utf8', from, at), end };
      from = at + 1;
    }
    rest = Buffer.from(bytes.subarray(from));
  }
}
