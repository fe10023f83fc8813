import { afterEach, expect, test, vi } from 'vitest';
import { type EmbeddingProjection, figures, projectEmbeddings } from '../../src/report/index.js';
import { RandomStream } from '../../src/support/random.js';
import { parseSvg } from './parse.js';

/** Two clouds far from one another, 20 points each, in ten dimensions. */
function clouds(): Float32Array[] {
  const random = new RandomStream(5);
  return Array.from({ length: 40 }, (_, i) =>
    Float32Array.from({ length: 10 }, (_, j) => random.gaussian() + (i < 20 && j === 0 ? 40 : 0)),
  );
}

afterEach(() => {
  vi.doUnmock('umap-js');
  vi.resetModules();
});

test('what is near stays near', async () => {
  const { xs, ys } = await projectEmbeddings(clouds(), { neighbors: 8 });
  const distance = (i: number, j: number) => Math.hypot(xs[i] - xs[j], ys[i] - ys[j]);
  for (let i = 0; i < 40; i++) {
    const others = Array.from({ length: 40 }, (_, j) => j).filter((j) => j !== i);
    const nearest = others.reduce((a, b) => (distance(i, b) < distance(i, a) ? b : a));
    expect(nearest < 20).toBe(i < 20);
  }
});

test('the seed decides, and nothing else', async () => {
  const first = await projectEmbeddings(clouds(), { seed: 3 });
  expect(await projectEmbeddings(clouds(), { seed: 3 })).toEqual(first);
  expect(await projectEmbeddings(clouds(), { seed: 4 })).not.toEqual(first);
});

test('equal embeddings and very few of them have places too', async () => {
  for (const rows of [
    [
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 1],
    ],
    [
      [1, 0],
      [0, 1],
      [1, 1],
    ],
  ]) {
    const { xs, ys } = await projectEmbeddings(rows);
    expect([...xs, ...ys].every(Number.isFinite)).toBe(true);
    expect(xs).toHaveLength(rows.length);
  }
});

test.each([
  ['EMPTY_SET', [[1], [2]], {}],
  ['SHAPE_MISMATCH', [[1], [2], [3, 4]], {}],
  ['NOT_FINITE', [[1], [2], [Number.NaN]], {}],
  ['INVALID_OPTION', [[1], [2], [3]], { neighbors: 1 }],
  ['UNKNOWN_OPTION', [[1], [2], [3]], { neighbours: 5 }],
])('%s is refused', async (code, rows, options) => {
  await expect(projectEmbeddings(rows, options as object)).rejects.toMatchObject({ code });
});

test('without umap-js it names the remedy', async () => {
  vi.doMock('umap-js', () => {
    throw new Error("Cannot find package 'umap-js'");
  });
  const drawn = projectEmbeddings(clouds());
  await expect(drawn).rejects.toMatchObject({ code: 'MISSING_PEER' });
  await expect(drawn).rejects.toThrow('npm install umap-js');
});

const groups: EmbeddingProjection['groups'] = [
  'testAbnormal',
  'trainingNormal',
  'testNormal',
  'trainingNormal',
  'knownAnomaly',
];

test('every image has the mark of its group, and the legend counts them', async () => {
  const xs = [0, 1, 2, 3, 4];
  const ys = [4, 1, 0, 2, 3];
  const svg = parseSvg(await figures.projection({ xs, ys, groups }));
  // What is rare is drawn last; the legend follows.
  const order = ['trainingNormal', 'testNormal', 'testAbnormal', 'knownAnomaly'];
  const dots = [...svg.querySelectorAll('g[aria-label="dot"]')];
  const marks = (group: string) => [...dots[order.indexOf(group)].children];
  expect(marks('trainingNormal')).toHaveLength(2);
  for (const group of ['testNormal', 'testAbnormal', 'knownAnomaly'])
    expect(marks(group)).toHaveLength(1);
  const [left, right] = marks('trainingNormal').map((dot) => Number(dot.getAttribute('cx')));
  const [test] = marks('testNormal').map((dot) => Number(dot.getAttribute('cx')));
  expect(test).toBeCloseTo((left + right) / 2, 2);
  expect(svg.documentElement.textContent).toContain('training normal, 2');
  const shapes = order.map((group) => marks(group)[0].outerHTML.replace(/[\d.,]+/g, ''));
  expect(new Set(shapes).size).toBe(3);
});

test('points in one place are drawn, and lists of unequal length are refused', async () => {
  const same = { xs: [1, 1], ys: [2, 2], groups: groups.slice(0, 2) };
  expect(await figures.projection(same)).not.toContain('NaN');
  await expect(figures.projection({ ...same, ys: [1] })).rejects.toMatchObject({
    code: 'SHAPE_MISMATCH',
  });
  await expect(figures.projection({ xs: [], ys: [], groups: [] })).rejects.toMatchObject({
    code: 'EMPTY_SET',
  });
});
