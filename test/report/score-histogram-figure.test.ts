import { expect, test } from 'vitest';
import { figures } from '../../src/report/index.js';
import { parseSvg } from './parse.js';

/** Bars of one class: left edge, right edge and height. */
function barsOf(svg: ReturnType<typeof parseSvg>, color: 'normal' | 'abnormal') {
  return [...svg.querySelectorAll(`rect[fill*="--salad-${color}"]`)].map((bar) => {
    const [x, width, height] = ['x', 'width', 'height'].map((name) =>
      Number(bar.getAttribute(name)),
    );
    return { left: x, right: x + width, height };
  });
}

const sum = (bars: { height: number }[]) => bars.reduce((total, { height }) => total + height, 0);

test('bars are shares of their own class', async () => {
  const scores = [0, 0, 0, 1, 1, 0];
  const labels = [0, 0, 0, 0, 1, 1];
  const svg = parseSvg(await figures.scores({ scores, labels }));
  const normal = barsOf(svg, 'normal');
  const abnormal = barsOf(svg, 'abnormal');
  expect(normal).toHaveLength(2);
  expect(normal[0].height / normal[1].height).toBeCloseTo(3, 6);
  expect(abnormal[0].height).toBeCloseTo(abnormal[1].height, 6);
  expect(sum(abnormal)).toBeCloseTo(sum(normal), 6);
});

test('both classes are cut into the same bins, and every score is in one', async () => {
  const scores = Array.from({ length: 300 }, (_, i) => i / 300);
  const labels = scores.map((_, i) => i % 2);
  const svg = parseSvg(await figures.scores({ scores, labels }));
  const normal = barsOf(svg, 'normal');
  const abnormal = barsOf(svg, 'abnormal');
  expect(normal.length).toBeGreaterThan(10);
  expect(abnormal.map(({ left }) => left)).toEqual(normal.map(({ left }) => left));
  expect(sum(abnormal)).toBeCloseTo(sum(normal), 6);
});

test('the threshold is a rule at its place on the scale, in both panels', async () => {
  const input = { scores: [0, 1, 0, 1], labels: [0, 0, 1, 1], threshold: 0.25 };
  const svg = parseSvg(await figures.scores(input));
  const bars = barsOf(svg, 'normal');
  const [left, right] = [bars[0].left, bars[1].left];
  const rules = svg.querySelectorAll('g[aria-label="rule"] g[stroke-dasharray] line');
  expect(rules).toHaveLength(2);
  for (const rule of rules) {
    const x = Number(rule.getAttribute('x1'));
    expect((x - left) / (right - left)).toBeCloseTo(0.25, 2);
  }
  const words = [...svg.querySelectorAll('text')].map((text) => text.textContent);
  expect(words).toContain('threshold 0.2500');
});

test('a threshold that flags nothing has no rule', async () => {
  const input = { scores: [0, 1, 0, 1], labels: [0, 0, 1, 1] };
  const infinite = await figures.scores({ ...input, threshold: Number.POSITIVE_INFINITY });
  expect(infinite).toBe(await figures.scores(input));
});

test('one class alone has one panel; equal scores have one visible bar', async () => {
  const svg = parseSvg(await figures.scores({ scores: [2, 2, 2], labels: [0, 0, 0] }));
  const bars = barsOf(svg, 'normal');
  expect(bars).toHaveLength(1);
  expect(bars[0].right - bars[0].left).toBeGreaterThan(10);
  expect(barsOf(svg, 'abnormal')).toHaveLength(0);
  const words = [...svg.querySelectorAll('text')].map((text) => text.textContent);
  expect(words).toContain('normal, 3 images');
});

test('no scores, or labels for other scores, are refused', async () => {
  await expect(figures.scores({ scores: [], labels: [] })).rejects.toMatchObject({
    code: 'EMPTY_SET',
  });
  await expect(figures.scores({ scores: [1, 2], labels: [0] })).rejects.toMatchObject({
    code: 'LABELS_MISMATCH',
  });
  await expect(figures.scores({ scores: [1, Number.NaN], labels: [0, 1] })).rejects.toMatchObject({
    code: 'NOT_FINITE',
  });
});
