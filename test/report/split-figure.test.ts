import { expect, test } from 'vitest';
import { type ImageRecord, splitSummary } from '../../src/data/index.js';
import { figures } from '../../src/report/index.js';
import { parseSvg } from './parse.js';

const films = (count: number, label: 0 | 1, more: Partial<ImageRecord> = {}): ImageRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    path: `${label}/${i}`,
    patient: `${label}/${i >> 1}`,
    label,
    age: 30 + i + 20 * label,
    view: i % 4 === 0 ? 'AP' : 'PA',
    ...more,
  }));

const words = (svg: string) =>
  [...parseSvg(svg).querySelectorAll('text')].map((text) => text.textContent);

test('bars are as long as their class is large, and say how many', async () => {
  const svg = await figures.split(
    splitSummary({ train: films(12, 0), test: [...films(6, 0), ...films(4, 1)] }),
  );
  expect(words(svg)).toEqual(
    expect.arrayContaining([
      '12 normal of 6 patients',
      '6 normal of 3 patients',
      '4 abnormal of 2 patients',
    ]),
  );
  const bars = [...parseSvg(svg).querySelectorAll('g[aria-label="bar"] rect')].slice(0, 3);
  const widths = bars.map((bar) => Number(bar.getAttribute('width')));
  expect(widths[0] / widths[1]).toBeCloseTo(2, 6);
  expect(widths[0] / widths[2]).toBeCloseTo(3, 6);
});

test('every attribute that both classes have is named with what points to abnormal and its area', async () => {
  const summary = splitSummary({ test: [...films(8, 0), ...films(8, 1)] });
  const text = words(await figures.split(summary));
  const age = summary[0].shortcuts.find(({ attribute }) => attribute === 'age');
  expect(text).toEqual(expect.arrayContaining(['age, higher', age?.area.estimate.toFixed(2)]));
  expect(text).toEqual(expect.arrayContaining(['view AP', '75 % normal', 'median 54']));
});

test('a part of one class is counted and has no other panel', async () => {
  const plain = films(3, 0, { age: undefined, view: undefined });
  const text = words(await figures.split(splitSummary({ train: plain })));
  expect(text).toEqual(['Images by part and class', 'train', '3 normal of 2 patients']);
});

test('the part of the lower panels can be told; another is refused', async () => {
  const summary = splitSummary({
    a: [...films(4, 0), ...films(4, 1)],
    b: [...films(2, 0), ...films(2, 1)],
  });
  expect(words(await figures.split(summary))).toContain('b: share of the images of a class');
  expect(words(await figures.split(summary, { part: 'a' }))).toContain(
    'a: share of the images of a class',
  );
  await expect(figures.split(summary, { part: 'c' })).rejects.toMatchObject({
    code: 'INVALID_OPTION',
  });
  await expect(figures.split([])).rejects.toMatchObject({ code: 'EMPTY_SET' });
});
