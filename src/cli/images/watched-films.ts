import { createHash } from 'node:crypto';
import type { FactsOf } from './film-facts.js';
import type { ListedFilms } from './films-of-archive.js';

/** Failures of a server one after the other that say that it is not there. */
export const GIVE_UP = 8;

/** Films whose hashes are known once they were read, and whose server may be given up. */
export interface WatchedFilms extends ListedFilms {
  readonly factsOf: FactsOf;
  /** Why nothing more is asked of the server; undefined while it answers. */
  down(): string | undefined;
}

/** Asks nothing more of a server that has failed several times in a row, for every film would be tried for a long time. */
export function watched(films: ListedFilms): WatchedFilms {
  const hashes = new Map<string, string>();
  let inARow = 0;
  let last: unknown;
  const isDown = () => inARow >= GIVE_UP;
  return {
    ...films,
    async open(record) {
      if (isDown()) throw last;
      try {
        const bytes = await films.open(record);
        inARow = 0;
        hashes.set(record.path, createHash('sha256').update(bytes).digest('hex'));
        return bytes;
      } catch (error) {
        last = error;
        inARow = isOfServer(error) ? inARow + 1 : 0;
        throw error;
      }
    },
    factsOf: async (names) => async () =>
      names.map((name) => {
        const fileHash = hashes.get(name);
        hashes.delete(name);
        return { fileHash };
      }),
    down: () => (isDown() ? String((last as Error).message) : undefined),
  };
}

/** Asked several times, or not let in any longer: that would be so of any film. */
function isOfServer(error: unknown): boolean {
  const { code, message, details } = Object(error);
  if (code !== 'IMAGE_UNREADABLE') return false;
  return /was asked \d+ times?/.test(message) || [401, 403].includes(details?.status);
}
