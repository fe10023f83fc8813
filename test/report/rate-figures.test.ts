import { expect, test } from 'vitest';
import {
  averagePrecision,
  decisionCurve,
  precisionRecallBand,
  precisionRecallCurve,
  reliability,
  rocBand,
  rocCurve,
} from '../../src/metrics/index.js';
import { figures } from '../../src/report/index.js';
import { drawnImages } from './full-input.js';
import { parseSvg, pointsOf } from './parse.js';

const { scores, labels } = drawnImages(60, 11);

/** The square of both scales, from where the grid of the diagram ends. */
function squareOf(svg: ReturnType<typeof parseSvg>) {
  const lines = (axis: 'x' | 'y') =>
    [...svg.querySelectorAll(`g[aria-label="${axis}-grid"] line`)].map((line) =>
      Number(line.getAttribute(axis === 'x' ? 'x1' : 'y1')),
    );
  const [left, right] = [Math.min(...lines('x')), Math.max(...lines('x'))];
  const [top, bottom] = [Math.min(...lines('y')), Math.max(...lines('y'))];
  return {
    x: (pixel: number) => (pixel - left) / (right - left),
    y: (pixel: number) => (bottom - pixel) / (bottom - top),
  };
}

/** Corners of a path of straight, horizontal and vertical pieces. */
function cornersOf(path: Element) {
  const corners: { x: number; y: number }[] = [];
  for (const [, command, rest] of path.getAttribute('d')!.matchAll(/([MLHV])([^MLHVZ]*)/g)) {
    const numbers = rest.split(',').map(Number);
    const last = corners[corners.length - 1];
    if (command === 'H') corners.push({ x: numbers[0], y: last.y });
    else if (command === 'V') corners.push({ x: last.x, y: numbers[0] });
    else corners.push({ x: numbers[0], y: numbers[1] });
  }
  return corners;
}

test('the area under the precision-recall line is the average precision', async () => {
  const curves = [{ name: 'SALAD', ...precisionRecallCurve(scores, labels) }];
  const svg = parseSvg(await figures.precisionRecall({ curves }));
  const square = squareOf(svg);
  const corners = cornersOf(svg.querySelector('path[aria-label="SALAD"]')!);
  let area = 0;
  corners.slice(1).forEach((corner, i) => {
    area += (square.x(corner.x) - square.x(corners[i].x)) * square.y(corner.y);
  });
  expect(area).toBeCloseTo(averagePrecision(scores, labels), 3);
  expect(square.x(corners[0].x)).toBeCloseTo(0, 3);
});

test('the prevalence is a level line, named with its value', async () => {
  const curves = [{ name: 'SALAD', precisions: [1, 0.4], recalls: [0.5, 1] }];
  const svg = parseSvg(await figures.precisionRecall({ curves, prevalence: 0.4 }));
  const square = squareOf(svg);
  const [from, to] = pointsOf(svg.querySelector('g[aria-label="link"] path')!);
  expect([square.x(from.x), square.x(to.x)]).toEqual([0, 1]);
  expect(square.y(from.y)).toBeCloseTo(0.4, 3);
  expect(square.y(to.y)).toBeCloseTo(0.4, 3);
  expect(svg.documentElement.textContent).toContain('prevalence 0.400');
});

test.each([
  [
    'ROC curve',
    async () => {
      const band = rocBand(scores, labels, { replicates: 40 });
      const curves = [{ name: 'SALAD', ...rocCurve(scores, labels), band }];
      return { band, source: await figures.roc({ curves }) };
    },
  ],
  [
    'precision-recall curve',
    async () => {
      const band = precisionRecallBand(scores, labels, { replicates: 40 });
      const curves = [{ name: 'SALAD', ...precisionRecallCurve(scores, labels), band }];
      return { band, source: await figures.precisionRecall({ curves }) };
    },
  ],
])('the band of a %s lies between its bounds', async (_, draw) => {
  const { band, source } = await draw();
  const svg = parseSvg(source);
  const square = squareOf(svg);
  const corners = cornersOf(svg.querySelector('path[aria-label="SALAD, interval"]')!);
  const heights = corners.filter(({ x }) => Math.abs(square.x(x) - 0.5) < 1e-3);
  const found = heights.map(({ y }) => square.y(y));
  expect(found.some((height) => Math.abs(height - band.lower[50]) < 2e-3)).toBe(true);
  expect(found.some((height) => Math.abs(height - band.upper[50]) < 2e-3)).toBe(true);
  expect(svg.documentElement.textContent).toContain('interval at each place');
});

test('a point of the reliability diagram lies where it was said and what came true', async () => {
  const probabilities = scores.map((score) => 1 / (1 + Math.exp(0.6 - score)));
  const { bins } = reliability(probabilities, labels, { bins: 5 });
  const svg = parseSvg(await figures.reliability(bins));
  const square = squareOf(svg);
  const dots = [...svg.querySelectorAll('circle')];
  expect(dots).toHaveLength(bins.length);
  const bars = [...svg.querySelectorAll('path[aria-label="interval"]')].map(pointsOf);
  for (const [i, { meanProbability, observed }] of bins.entries()) {
    expect(square.x(Number(dots[i].getAttribute('cx')))).toBeCloseTo(meanProbability, 3);
    expect(square.y(Number(dots[i].getAttribute('cy')))).toBeCloseTo(observed.estimate, 3);
    expect(square.y(bars[i][0].y)).toBeCloseTo(observed.lower, 3);
    expect(square.y(bars[i][1].y)).toBeCloseTo(observed.upper, 3);
  }
  const words = [...svg.querySelectorAll('text')].map((text) => text.textContent);
  expect(words).toEqual(expect.arrayContaining(bins.map(({ count }) => String(count))));
});

test('losses of a decision curve are cut off, benefits are not', async () => {
  const probabilities = scores.map((score) => 1 / (1 + Math.exp(0.6 - score)));
  const curve = decisionCurve(probabilities, labels);
  const svg = parseSvg(await figures.decisionCurve(curve));
  const top = Math.max(...curve.model, ...curve.treatAll);
  for (const [name, values] of [
    ['flag by probability', curve.model],
    ['flag every image', curve.treatAll],
    ['flag none', curve.treatNone],
  ] as const) {
    const points = cornersOf(svg.querySelector(`path[aria-label="${name}"]`)!);
    expect(points).toHaveLength(values.filter((value) => value >= -top / 5).length);
  }
  const none = cornersOf(svg.querySelector('path[aria-label="flag none"]')!);
  const all = cornersOf(svg.querySelector('path[aria-label="flag every image"]')!);
  const scale = (none[0].y - all[0].y) / curve.treatAll[0];
  for (const [i, { y }] of all.entries())
    expect((none[0].y - y) / scale).toBeCloseTo(curve.treatAll[i], 3);
});

test('what cannot be drawn is refused', async () => {
  await expect(figures.precisionRecall({ curves: [] })).rejects.toMatchObject({
    code: 'EMPTY_SET',
  });
  await expect(
    figures.precisionRecall({ curves: [{ name: 'a', precisions: [1], recalls: [0.5, 1] }] }),
  ).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
  await expect(figures.reliability([])).rejects.toMatchObject({ code: 'EMPTY_SET' });
  const none = new Float64Array(0);
  await expect(
    figures.decisionCurve({ thresholds: none, model: none, treatAll: none, treatNone: none }),
  ).rejects.toMatchObject({ code: 'EMPTY_SET' });
});
