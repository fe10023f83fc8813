import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { figures } from '../../src/report/index.js';
import { parsePage } from './parse.js';

const image = { pixels: Uint8Array.of(0, 50, 100, 150, 200, 255), height: 2, width: 3 };
const item = {
  id: 'film-1',
  score: 0.91234,
  label: 1,
  image,
  nearest: [
    { id: 'bank-7', angleInDegrees: 12.345, label: 0, image },
    { id: 'bank-9', angleInDegrees: 20, image },
  ],
};

const bytesOf = (uri: string) => Buffer.from(uri.replace('data:image/png;base64,', ''), 'base64');

test('every test image and every neighbour has a tile, and headings are in order', async () => {
  const page = parsePage(
    await figures.gallery([
      { title: 'Most anomalous', items: [item, { ...item, nearest: [] }] },
      { title: 'Empty', items: [] },
      { title: 'Least anomalous', items: [{ id: 'film-2', score: 0.1, image }] },
    ]),
  );
  expect(page.querySelectorAll('img')).toHaveLength(5);
  const headings = [...page.querySelectorAll('h3')].map((heading) => heading.textContent);
  expect(headings).toEqual(['Most anomalous', 'Least anomalous']);
});

test('a tile holds the pixels it was given', async () => {
  const rgb = { pixels: [255, 0, 0, 0, 0, 255], height: 1, width: 2, channels: 3 as const };
  const page = parsePage(
    await figures.gallery([{ title: 'All', items: [item, { id: 'b', score: 0, image: rgb }] }]),
  );
  const tiles = [...page.querySelectorAll('img')].map((tile) =>
    decode(bytesOf(tile.getAttribute('src')!)),
  );
  expect(tiles[0]).toMatchObject({ height: 2, width: 3, channels: 1, depth: 8 });
  expect([...tiles[0].data]).toEqual([...image.pixels]);
  expect([...tiles[3].data]).toEqual(rgb.pixels);
});

test('score, label, id and angle are told in words', async () => {
  const page = parsePage(await figures.gallery([{ title: 'All', items: [item] }]));
  const [test, first, second] = page.querySelectorAll('img');
  expect(test.getAttribute('alt')).toBe('Test image film-1, score 0.9123, abnormal');
  expect(first.getAttribute('alt')).toBe('Training image bank-7, 12.3° away');
  expect(first.parentElement!.textContent).toContain('12.3°normal');
  expect(second.parentElement!.textContent.trim()).toBe('20.0°');
  expect(page.querySelector('figcaption')!.textContent).toContain('film-1');
});

test('an id with markup is shown as it is written', async () => {
  const id = `"><script>alert('1')</script>&lt;`;
  const source = await figures.gallery([{ title: id, items: [{ ...item, id }] }]);
  const page = parsePage(source);
  expect(source).not.toContain('<script');
  expect(page.querySelector('h3')!.textContent).toBe(id);
  expect(page.querySelector('.id')!.textContent).toBe(id);
});

test('pixels that do not fill the picture are refused', async () => {
  const short = { ...image, width: 4 };
  await expect(
    figures.gallery([{ title: 'All', items: [{ ...item, image: short }] }]),
  ).rejects.toMatchObject({ code: 'INVALID_IMAGES' });
});
