import { expect, test } from 'vitest';
import { figures } from '../../src/report/index.js';
import { parsePage, parseSvg, pointsOf } from './parse.js';

const curve = {
  name: 'SALAD',
  falsePositiveRates: [0, 0, 0.25, 1],
  truePositiveRates: [0, 0.5, 0.75, 1],
};

test('the line runs through the points of the curve, on equal scales', async () => {
  const svg = parseSvg(await figures.roc({ curves: [curve] }));
  const points = pointsOf(svg.querySelector('path[aria-label="SALAD"]')!);
  expect(points).toHaveLength(4);
  const side = points[3].x - points[0].x;
  expect(points[0].y - points[3].y).toBeCloseTo(side, 2);
  for (const [i, { x, y }] of points.entries()) {
    expect((x - points[0].x) / side).toBeCloseTo(curve.falsePositiveRates[i], 4);
    expect((points[0].y - y) / side).toBeCloseTo(curve.truePositiveRates[i], 4);
  }
});

test('the diagonal of chance joins the ends of the curve', async () => {
  const svg = parseSvg(await figures.roc({ curves: [curve] }));
  const points = pointsOf(svg.querySelector('path[aria-label="SALAD"]')!);
  const [chance] = svg.querySelectorAll('g[aria-label="link"] path');
  expect(pointsOf(chance)).toEqual([points[0], points[3]]);
});

test('the operating point lies where its rates say', async () => {
  const operatingPoint = { falsePositiveRate: 0.25, truePositiveRate: 0.75 };
  const svg = parseSvg(await figures.roc({ curves: [curve], operatingPoint }));
  const corner = pointsOf(svg.querySelector('path[aria-label="SALAD"]')!)[2];
  const dot = svg.querySelector('circle')!;
  expect(Number(dot.getAttribute('cx'))).toBeCloseTo(corner.x, 2);
  expect(Number(dot.getAttribute('cy'))).toBeCloseTo(corner.y, 2);
});

test('floors are thinner than what is compared, and every curve is named', async () => {
  const curves = [curve, { ...curve, name: 'raw pixels', baseline: true }];
  const svg = parseSvg(await figures.roc({ curves }));
  const width = (name: string) =>
    Number(
      svg.querySelector(`path[aria-label="${name}"]`)!.parentElement!.getAttribute('stroke-width'),
    );
  expect(width('raw pixels')).toBeLessThan(width('SALAD'));
  const words = [...svg.querySelectorAll('text')].map((text) => text.textContent);
  expect(words).toEqual(expect.arrayContaining(['SALAD', 'raw pixels', 'chance']));
});

test('typed arrays, as the metrics give them, draw the same figure', async () => {
  const typed = {
    name: 'SALAD',
    falsePositiveRates: Float64Array.from(curve.falsePositiveRates),
    truePositiveRates: Float64Array.from(curve.truePositiveRates),
  };
  expect(await figures.roc({ curves: [typed] })).toBe(await figures.roc({ curves: [curve] }));
});

test('a name is text, in elements and in attributes', async () => {
  const name = '<script>"&amp;"</script>';
  const source = await figures.roc({ curves: [{ ...curve, name }] });
  expect(source).not.toContain('<script');
  const svg = parseSvg(source);
  const words = [...svg.querySelectorAll('text')].map((text) => text.textContent);
  expect(words).toContain(name);
  const labels = [...parsePage(source).querySelectorAll('path')].map((path) =>
    path.getAttribute('aria-label'),
  );
  expect(labels).toContain(name);
});

test('no curve, or a curve of unequal lists, is refused', async () => {
  await expect(figures.roc({ curves: [] })).rejects.toMatchObject({ code: 'EMPTY_SET' });
  await expect(
    figures.roc({ curves: [{ ...curve, truePositiveRates: [0, 1] }] }),
  ).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
});
