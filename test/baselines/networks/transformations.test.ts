import { expect, it } from 'vitest';
import { transform, transformations } from '../../../src/baselines/networks/transformations.js';
import { codeOf } from '../../model/tiny.js';

const ALL = { flips: true, rotations: true, translation: 0.25 };
const square = (side: number, channels = 1) => [side, side, channels] as const;

/** What a transformation makes of an image, row by row. */
function applied(image: number[][], t: Int32Array): number[][] {
  const values = Float32Array.from(image.flat());
  const result = new Float32Array(values.length);
  transform(values, t, result, 0);
  const width = image[0].length;
  return image.map((_, y) => Array.from(result.slice(y * width, (y + 1) * width)));
}

const image = [
  [1, 2, 3, 4],
  [5, 6, 7, 8],
  [9, 10, 11, 12],
  [13, 14, 15, 16],
];

it('are 72, all different, the first of them none', () => {
  const all = transformations('here', square(4), ALL);
  expect(all.length).toBe(72);
  expect(new Set(all.map(String)).size).toBe(72);
  expect(applied(image, all[0])).toEqual(image);
});

it.each([
  [{ flips: false, rotations: true, translation: 0 }, 4],
  [{ flips: true, rotations: false, translation: 0 }, 2],
  [{ flips: false, rotations: false, translation: 0.25 }, 9],
])('are those chosen: %o', (choice, count) => {
  expect(transformations('here', square(4), choice).length).toBe(count);
});

it('turn by 90 degrees', () => {
  const turns = transformations('here', square(4), { ...ALL, flips: false, translation: 0 });
  // Column by column from the right is row by row of a quarter turn against the clock.
  const quarter = image.map((_, y) => image.map((row) => row[3 - y]));
  expect([1, 3].map((t) => applied(image, turns[t]))).toContainEqual(quarter);
  expect(applied(applied(image, turns[1]), turns[3])).toEqual(image);
  expect(applied(image, turns[2])).toEqual([...image].reverse().map((row) => [...row].reverse()));
});

it('mirror left to right', () => {
  const [, mirrored] = transformations('here', square(4), {
    flips: true,
    rotations: false,
    translation: 0,
  });
  expect(applied(image, mirrored)).toEqual(image.map((row) => [...row].reverse()));
});

it('shift with a mirrored border', () => {
  const shifts = transformations('here', [4, 4, 1], {
    flips: false,
    rotations: false,
    translation: 0.25,
  });
  const rows = shifts.map((t) => applied(image, t)).map((shifted) => shifted.map((row) => row[0]));
  // Down by one: the row above the first is the second.
  expect(rows).toContainEqual([5, 1, 5, 9]);
  // Up by one: the row below the last is the last but one.
  expect(rows).toContainEqual([5, 9, 13, 9]);
});

it('keep channels together', () => {
  const one = transformations('here', square(4), ALL);
  const three = transformations('here', square(4, 3), ALL);
  three.forEach((t, i) => {
    const expected = Array.from(one[i]).flatMap((place) => [0, 1, 2].map((c) => place * 3 + c));
    expect(Array.from(t)).toEqual(expected);
  });
});

it('turn only square images', async () => {
  const wide = [4, 6, 1] as const;
  expect(await codeOf(() => transformations('here', wide, ALL))).toBe('INVALID_OPTION');
  expect(transformations('here', wide, { ...ALL, rotations: false }).length).toBe(18);
});
