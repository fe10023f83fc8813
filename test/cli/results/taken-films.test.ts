import { expect, it } from 'vitest';
import type { ReadRow } from '../../../src/cli/results/read-scores.js';
import { newFilms, type TakenFilms } from '../../../src/cli/results/taken-films.js';

const film = (name: string, score: number | undefined, fileHash?: string): ReadRow => ({
  file: `${name}.png`,
  ...(score === undefined ? { problem: 'IMAGE_UNREADABLE: busy' } : { score }),
  ...(fileHash && { fileHash }),
});
const given = (rows: readonly ReadRow[], before?: TakenFilms, table = 'scores.csv') => {
  const { fresh, taken } = newFilms(before, { table, path: table, rows });
  return { names: fresh.map(({ file }) => file[0]).join(''), taken };
};
const first = [film('b', 1, 'hash-b'), film('d', 2, 'hash-d')];

it('a film among those of before is taken, and each once', () => {
  const { names, taken } = given(first);
  expect(names).toBe('bd');
  const grown = [film('a', 3, 'hash-a'), first[0], film('c', 4, 'hash-c'), first[1]];
  const next = given(grown, taken);
  expect(next.names).toBe('ac');
  for (const table of ['scores.csv', 'copy.csv'])
    expect(given([...grown, grown[0]], next.taken, table).names).toBe('');
});

it('a film is known by its file: by another name, and with the score of another model', () => {
  const { taken } = given(first);
  expect(given([film('x', 1, 'hash-b'), film('d', 7, 'hash-d')], taken).names).toBe('');
  // A server that did not give it this time.
  expect(given([film('b', undefined)], taken).names).toBe('');
  // Another film that has taken the name of one of before.
  expect(given([film('b', 1, 'hash-new')], taken).names).toBe('b');
});

it('without its SHA-256 a film is known by name and score', () => {
  const rows = [film('b', 1), film('d', 2)];
  const { taken } = given(rows);
  expect(given([film('a', 3), ...rows], taken, 'copy.csv').names).toBe('a');
  // A folder that is filled anew each day has the same names.
  expect(given([film('b', 9)], taken, 'tuesday.csv').names).toBe('b');
  expect(() => given([film('b', 9), rows[1]], taken)).toThrow(
    "'scores.csv' has another score for a film that was taken in before",
  );
});

it.each([[undefined], ['hash-b']])('a later try counts no film again (%s)', (fileHash) => {
  const { names, taken } = given([film('b', undefined, fileHash)]);
  expect(names).toBe('b');
  for (const table of ['scores.csv', 'copy.csv'])
    expect(given([film('b', undefined, fileHash)], taken, table).names).toBe('');
  const later = given([film('b', 1, 'hash-later')], taken);
  expect(later.names).toBe('');
  expect(given([film('b', 1, 'hash-later')], later.taken, 'copy.csv').names).toBe('');
  const copied = given([film('b', undefined, fileHash)], taken, 'copy.csv');
  expect(given([film('b', 1, 'hash-new')], copied.taken, 'copy.csv').names).toBe('');
  // The name is free for another film.
  expect(given([film('b', 1, 'hash-other')], later.taken).names).toBe('b');
});

it('takes 16 bytes a film, with no name or hash that can be read, and none that two states share', () => {
  const rows = Array.from({ length: 1000 }, (_, i) => film(`${i}`, i, `hash-${i}`));
  const states = [given(rows).taken, given(rows).taken];
  const bytes = states.map(({ hashes }) => Buffer.from(hashes, 'base64'));
  expect(bytes.map(({ length }) => length)).toEqual([16000, 16000]);
  const [one, other] = bytes.map((all) => [...(all.toString('hex').match(/.{16}/g) ?? [])]);
  expect(one.filter((hash) => other.includes(hash))).toEqual([]);
  expect(one).toEqual([...one].sort());
});
