import { expect, it } from 'vitest';
import { centreMap, darkestMap, placesByFilm } from '../../benchmarks/quality/boxed-films.js';
import { arraySource } from '../../src/data/index.js';
import { pointing } from '../../src/explain/index.js';

it('makes one mask of the boxes of a film', () => {
  const list =
    'image,split,finding,x,y,width,height\na.png,val,Mass,1,0,2,1\na.png,val,Mass,2.6,2,1,1.4\n';
  const place = placesByFilm(list, 4).get('a.png');
  // Columns 1 and 2 of row 0; of the other box the centre (3.5, 2.5) alone lies inside.
  expect([...(place?.mask ?? [])]).toEqual([0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
});

it('points at the middle, and at the darkest spot', async () => {
  const at = (row: number, column: number) => ({
    mask: Uint8Array.from({ length: 1089 }, (_, i) => Number(i === 33 * row + column)),
    height: 33,
    width: 33,
  });
  expect(pointing(centreMap(33), at(16, 16)).hit).toBe(true);
  expect(pointing(centreMap(33), at(16, 17)).hit).toBe(false);
  const pixels = Float32Array.from({ length: 2 * 1089 }, (_, i) =>
    i === 1089 + 33 * 20 + 7 ? 0 : 0.5,
  );
  const films = arraySource({ pixels, shape: [33, 33, 1] });
  expect(pointing(await darkestMap(films, 1), at(20, 7)).hit).toBe(true);
});
