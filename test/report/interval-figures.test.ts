import { expect, test } from 'vitest';
import { delongInterval, wilsonInterval } from '../../src/metrics/index.js';
import { figures, subgroupResults } from '../../src/report/index.js';
import { drawnImages } from './full-input.js';
import { parseSvg, pointsOf } from './parse.js';

/** Dots, bars and words of the rows; places read off the scale by two of its marks. */
function read(source: string) {
  const svg = parseSvg(source);
  const ticks = [...svg.querySelectorAll('g[aria-label="x-axis tick label"] text')].map((tick) => ({
    value: Number(tick.textContent),
    x: Number(/translate\(([\d.]+)/.exec(tick.getAttribute('transform')!)![1]),
  }));
  const [first, last] = [ticks[0], ticks[ticks.length - 1]];
  const place = (x: number) =>
    first.value + ((x - first.x) / (last.x - first.x)) * (last.value - first.value);
  return {
    words: [...svg.querySelectorAll('text')].map((text) => text.textContent),
    dots: [...svg.querySelectorAll('circle')].map((dot) => place(Number(dot.getAttribute('cx')))),
    bars: [...svg.querySelectorAll('g[aria-label="link"] path')].map((bar) =>
      pointsOf(bar).map(({ x }) => place(x)),
    ),
  };
}

const images = drawnImages(200, 21);

test('dots and bars of subgroups lie at their areas and bounds, after those of all images', async () => {
  const subgroups = subgroupResults(images);
  const all = delongInterval(images.scores, images.labels);
  const { dots, bars, words } = read(await figures.subgroups(subgroups, { all }));
  const areas = [all, ...subgroups.map(({ areaUnderRoc }) => areaUnderRoc!)];
  expect(dots).toHaveLength(areas.length);
  for (const [i, { estimate, lower, upper }] of areas.entries()) {
    expect(dots[i]).toBeCloseTo(estimate, 3);
    expect(bars[i][0]).toBeCloseTo(lower!, 3);
    expect(bars[i][1]).toBeCloseTo(upper!, 3);
  }
  expect(words).toEqual(expect.arrayContaining(['all images', 'view', 'sex', 'age']));
});

test('a subgroup that is too small says so, and has no dot', async () => {
  const source = await figures.subgroups([
    { attribute: 'view', value: 'AP', normalCount: 30, anomalyCount: 1 },
    {
      attribute: 'view',
      value: 'PA',
      normalCount: 9,
      anomalyCount: 9,
      areaUnderRoc: { estimate: 0.7 },
    },
  ]);
  const { dots, bars, words } = read(source);
  expect(dots).toHaveLength(1);
  expect(bars).toHaveLength(0);
  expect(words).toContain('too few images of a class');
  expect(words).toContain('AP (30 + 1)');
});

test('shortcuts stand below the detector', async () => {
  const area = delongInterval(images.scores, images.labels);
  const shortcuts = [{ attribute: 'view', area, images: 200, abnormal: 'AP' } as const];
  const result = { name: 'SALAD', areaUnderRoc: { estimate: 0.9 } };
  const { dots, words } = read(await figures.shortcuts(shortcuts, { result }));
  expect(dots[0]).toBeCloseTo(0.9, 3);
  expect(dots[1]).toBeCloseTo(area.estimate, 3);
  expect(words).toEqual(expect.arrayContaining(['SALAD', 'view: AP', '0.900']));
  await expect(figures.shortcuts([])).rejects.toMatchObject({ code: 'EMPTY_SET' });
  await expect(figures.subgroups([])).rejects.toMatchObject({ code: 'EMPTY_SET' });
});

test('paired differences lie at their values, thin bars over images and thick ones over seeds', async () => {
  const differences = [
    {
      detector: 'texture',
      difference: 0.06,
      overSeeds: { lower: 0.05, upper: 0.07 },
      overImages: { lower: 0.02, upper: 0.1 },
    },
    { detector: 'MemDAE', difference: -0.01, overImages: { lower: -0.04, upper: 0.02 } },
  ];
  const source = await figures.pairedDifferences(differences, { reference: 'SALAD' });
  const { dots, bars, words } = read(source.replaceAll('\u2212', '-'));
  const heights = [...parseSvg(source).querySelectorAll('circle')].map((dot) =>
    Number(dot.getAttribute('cy')),
  );
  expect(heights[0]).toBeLessThan(heights[1]);
  for (const [i, expected] of [0.06, -0.01].entries()) expect(dots[i]).toBeCloseTo(expected, 3);
  const bounds = [
    [0.02, 0.1],
    [-0.04, 0.02],
    [0.05, 0.07],
  ];
  expect(bars).toHaveLength(bounds.length);
  for (const [i, bar] of bounds.entries())
    for (const [j, end] of bar.entries()) expect(bars[i][j]).toBeCloseTo(end, 3);
  expect(words).toEqual(expect.arrayContaining(['texture', '+0.060', 'MemDAE', '-0.010']));
  await expect(figures.pairedDifferences([], { reference: 'SALAD' })).rejects.toMatchObject({
    code: 'EMPTY_SET',
  });
});

test('subgroups are counted as by hand', () => {
  const { scores, labels, records } = images;
  const found = subgroupResults(images, { threshold: 1, ageBands: [30, 60] });
  expect(found.map(({ attribute, value }) => `${attribute} ${value}`)).toEqual([
    'view AP',
    'view PA',
    'sex F',
    'sex M',
    'age under 30',
    'age 30 to 59',
    'age 60 and over',
  ]);
  const own = records.flatMap(({ age }, i) => (age >= 30 && age < 60 ? [i] : []));
  const abnormal = own.filter((i) => labels[i] === 1);
  const flagged = abnormal.filter((i) => scores[i] >= 1);
  expect(found[5]).toMatchObject({
    normalCount: own.length - abnormal.length,
    anomalyCount: abnormal.length,
    areaUnderRoc: delongInterval(
      own.map((i) => scores[i]),
      own.map((i) => labels[i]),
    ),
    sensitivity: wilsonInterval(flagged.length, abnormal.length),
  });
  const bands = found
    .slice(4)
    .reduce((sum, { normalCount, anomalyCount }) => sum + normalCount + anomalyCount, 0);
  expect(bands).toBe(200);
});

test('an attribute that is unknown or the same for all makes no subgroup; a lone class has no area', () => {
  const scores = [1, 2, 3, 4, 5];
  const labels = [0, 0, 1, 1, 0];
  const records = [18, 39, 40, 17, undefined].map((age, i) => ({
    view: 'PA',
    ...(age !== undefined && { age }),
    ...(i === 0 && { sex: 'F' as const }),
  }));
  expect(subgroupResults({ scores, labels, records }, { threshold: 2 })).toEqual([
    { attribute: 'age', value: 'under 18', normalCount: 0, anomalyCount: 1 },
    { attribute: 'age', value: '18 to 39', normalCount: 2, anomalyCount: 0 },
    { attribute: 'age', value: '40 to 59', normalCount: 0, anomalyCount: 1 },
  ]);
  expect(() => subgroupResults({ scores, labels, records: [] })).toThrow('LABELS_MISMATCH');
  const wrong = { scores, labels: [2, 0, 1, 1, 0], records };
  expect(() => subgroupResults(wrong)).toThrow('subgroupResults: labels[0] is 2');
  const noThreshold = { threshold: Number.NaN };
  expect(() => subgroupResults(images, noThreshold)).toThrow('subgroupResults: threshold is NaN');
  for (const ageBands of [[60, 40], [40, 40], [Number.NaN]])
    expect(() => subgroupResults(images, { ageBands })).toThrow('INVALID_OPTION');
});
