import { expect, it } from 'vitest';
import { Ahead } from '../../src/support/ahead.js';

/** Pieces that count how often each has been begun; those of `broken` fail. */
function counted(broken = new Set<number>()) {
  const begun: number[] = [];
  const make = async (index: number) => {
    begun.push(index);
    if (broken.has(index)) throw new Error(`piece ${index} is broken`);
    return index * index;
  };
  return { begun, make, broken };
}

it('begins each piece once, `distance` before its turn, and none beyond the last', async () => {
  const { begun, make } = counted();
  const pieces = new Ahead(make, 5, 2);
  expect(begun).toEqual([]);
  expect(await pieces.take(0)).toBe(0);
  expect(begun).toEqual([0, 1, 2]);
  expect(await pieces.take(1)).toBe(1);
  expect(begun).toEqual([0, 1, 2, 3]);
  for (const index of [2, 3, 4]) expect(await pieces.take(index)).toBe(index * index);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

it('starts where it is asked to', async () => {
  const { begun, make } = counted();
  expect(await new Ahead(make, 10, 1).take(7)).toBe(49);
  expect(begun).toEqual([7, 8]);
});

it('tells a failure when its piece is taken, and then begins anew', async () => {
  const { begun, make, broken } = counted(new Set([2]));
  const pieces = new Ahead(make, 5, 2);
  await pieces.take(0);
  expect(await pieces.take(1)).toBe(1);
  await expect(pieces.take(2)).rejects.toThrow('piece 2 is broken');
  broken.clear();
  expect(await pieces.take(2)).toBe(4);
  expect(await pieces.take(3)).toBe(9);
  expect(begun).toEqual([0, 1, 2, 3, 2, 3, 4]);
});
