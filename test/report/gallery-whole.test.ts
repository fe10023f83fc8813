import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { overlay } from '../../src/explain/overlay.js';
import { figures } from '../../src/report/index.js';
import { mapScale } from '../../src/report/page/map-scale.js';
import { parsePage } from './parse.js';

const film = (height: number, width: number) => ({
  pixels: new Uint8Array(height * width).fill(100),
  height,
  width,
});

const bytesOf = (uri: string) => Buffer.from(uri.replace('data:image/png;base64,', ''), 'base64');

test('a large picture is shown small, and whole behind a link', async () => {
  const items = [{ id: 'a', score: 1, image: film(640, 960) }];
  const page = parsePage(await figures.gallery([{ title: 'All', items }]));
  const [small, whole] = [...page.querySelectorAll('img')].map((one) =>
    decode(bytesOf(one.getAttribute('src')!)),
  );
  expect(small).toMatchObject({ width: 320, height: 213 });
  expect(whole).toMatchObject({ width: 960, height: 640 });
  const link = page.querySelector('a.open')!.getAttribute('href')!;
  expect(page.querySelector(link)!.className).toBe('whole');
  expect(page.querySelector(page.querySelector('a.whole')!.getAttribute('href')!)).not.toBeNull();
});

test('a picture that is no larger has no link', async () => {
  const items = [{ id: 'a', score: 1, image: film(320, 320) }];
  const page = parsePage(await figures.gallery([{ title: 'All', items }]));
  expect(page.querySelector('a')).toBeNull();
});

test('whole pictures beyond 48 million pixels are left out, and counted', async () => {
  const items = [1, 2, 3].map((i) => ({ id: `${i}`, score: i, image: film(4000, 5000) }));
  const page = parsePage(await figures.gallery([{ title: 'All', items }]));
  expect(page.querySelectorAll('a.whole')).toHaveLength(2);
  expect(page.querySelector('p')!.textContent).toMatch(/^1 of the pictures/);
});

test('flagged images say so, and an image in two groups keeps two places', async () => {
  const item = { id: 'a', score: 1, label: 0, flagged: true, image: film(8, 8) };
  const other = { id: 'b', score: 0, label: 1, flagged: false, image: film(8, 8) };
  const page = parsePage(
    await figures.gallery([
      { title: 'Most anomalous', items: [item, other] },
      { title: 'False alarms: normal and flagged', items: [item] },
    ]),
  );
  expect(page.querySelectorAll('.flag')).toHaveLength(2);
  const [first, second] = page.querySelectorAll('img');
  expect(first.getAttribute('alt')).toBe('Test image a, score 1, normal, flagged');
  expect(second.getAttribute('alt')).toBe('Test image b, score 0, abnormal, not flagged');
  const ids = [...page.querySelectorAll('li')].map((one) => one.id);
  expect(new Set(ids).size).toBe(3);
});

test('the scale of colours is that of overlay on a middle grey', () => {
  const image = { pixels: Uint8Array.of(128), shape: [1, 1, 1] as const };
  const full = overlay(image, { values: Float32Array.of(1), height: 1, width: 1 }, { top: 1 });
  const half = overlay(image, { values: Float32Array.of(0.5), height: 1, width: 1 }, { top: 1 });
  const colors = mapScale(0.25).text.match(/rgb\([^)]*\)/g);
  expect(colors).toHaveLength(9);
  expect(colors?.[0]).toBe('rgb(128 128 128)');
  expect(colors?.[4]).toBe(`rgb(${[...half.pixels].join(' ')})`);
  expect(colors?.[8]).toBe(`rgb(${[...full.pixels].join(' ')})`);
  expect(mapScale(0.25).text).toContain('0.250');
});
