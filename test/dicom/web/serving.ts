import { afterEach } from 'vitest';
import { archive } from './archive.js';

/** Archives for the tests of a file, each closed after its test. */
export function servingArchives(): typeof archive {
  const opened: Awaited<ReturnType<typeof archive>>[] = [];
  afterEach(() => Promise.all(opened.splice(0).map(({ close }) => close())));
  return async (...given) => {
    const served = await archive(...given);
    opened.push(served);
    return served;
  };
}
