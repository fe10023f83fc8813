import { expect, test } from 'vitest';
import { confusionAt, rocCurve } from '../../src/metrics/index.js';
import { figures, type ReportInput, renderReport } from '../../src/report/index.js';
import { pageStyle } from '../../src/report/page/page-style.js';
import { fullInput } from './full-input.js';
import { parsePage } from './parse.js';

const scores = [0.1, 0.2, 0.3, 0.4, 0.35, 0.8];
const labels = [0, 0, 0, 0, 1, 1];
const image = { pixels: Uint8Array.of(0, 255), height: 1, width: 2 };

const input: ReportInput = {
  title: 'Chest X-rays',
  description: 'Normal against pneumonia.',
  results: [
    {
      name: 'SALAD',
      areaUnderRoc: { estimate: 0.875, lower: 0.5, upper: 1 },
      averagePrecision: { estimate: 0.8333 },
      distinctScores: 6,
    },
    { name: 'raw pixels', areaUnderRoc: { estimate: 0.5 } },
  ],
  resultsNote: '95% intervals',
  rocCurves: [{ name: 'SALAD', ...rocCurve(scores, labels) }],
  scores: { scores, labels, threshold: 0.35 },
  confusion: confusionAt(scores, labels, 0.35),
  history: [
    { epoch: 0, round: 0, loss: 2 },
    { epoch: 1, round: 1, loss: 1 },
  ],
  gallery: [{ title: 'Most anomalous', items: [{ id: 'film-6', score: 0.8, label: 1, image }] }],
  facts: [
    { name: 'seed', value: 7 },
    { name: 'command', value: 'npx salad-ad report', code: true },
  ],
};

const cells = (row: Element) => [...row.children].map((cell) => cell.textContent.trim());

test('the page has its sections in order, and says what the software is not', async () => {
  const page = parsePage(await renderReport(input));
  const ids = [...page.querySelectorAll('main > section')].map((section) => section.id);
  expect(ids).toEqual(['results', 'images', 'training', 'run']);
  expect(page.querySelector('[role="note"]')!.textContent).toContain('not a medical device');
  expect(page.querySelectorAll('svg[role="img"][aria-label]')).toHaveLength(3);
});

test('tables give areas with intervals, counts with rates, and the facts', async () => {
  const page = parsePage(await renderReport(input));
  const rows = [...page.querySelectorAll('tbody tr')].map(cells);
  expect(rows).toEqual([
    ['SALAD', '0.875 [0.500,\u00a01.000]', '0.833', '6'],
    ['raw pixels', '0.500', '–', '–'],
    ['normal', '3', '1', '0.750 specificity'],
    ['abnormal', '0', '2', '1.000 sensitivity'],
    ['seed', '7'],
    ['command', 'npx salad-ad report'],
  ]);
  for (const heading of page.querySelectorAll('th')) {
    expect(['row', 'col']).toContain(heading.getAttribute('scope'));
  }
});

test('what has no data has no section', async () => {
  const page = parsePage(await renderReport({ title: 'Bare' }));
  expect(page.querySelectorAll('section, table, svg, img')).toHaveLength(0);
  const empty = {
    results: [],
    rocCurves: [],
    precisionRecallCurves: [],
    operatingPoints: [],
    subgroups: [],
    shortcuts: [],
    split: [],
    projection: { xs: [], ys: [], groups: [] },
    history: [],
    leftOut: [],
    problems: [],
    facts: [],
  };
  const hollow: ReportInput = {
    title: 'Bare',
    ...empty,
    scores: { scores: [], labels: [] },
    gallery: [{ title: 'None', items: [] }],
  };
  expect(await renderReport(hollow)).toBe(await renderReport({ title: 'Bare' }));
});

test('results stand beside their areas within quarters, and beside one attribute that comes near', async () => {
  const area = { estimate: 0.7, lower: 0.6, upper: 0.8 };
  const shortcut = { images: 200, abnormal: 'lower' } as const;
  const shortcuts = [
    {
      ...shortcut,
      attribute: 'brightness',
      area: { ...area, estimate: 0.66, standardError: 0.05 },
    },
    {
      ...shortcut,
      attribute: 'fineTexture',
      area: { ...area, estimate: 0.64, standardError: 0.05 },
    },
  ] as const;
  const rows = [
    { name: 'SALAD', areaUnderRoc: area, withinBrightness: { estimate: 0.61 } },
    { name: 'pixels', areaUnderRoc: area, withinTexture: { estimate: 0.55 } },
  ];
  const textOf = async (results: ReportInput['results']) =>
    parsePage(await renderReport({ title: 'Near', results, shortcuts })).querySelector('#results')
      ?.textContent ?? '';
  const near = await textOf(rows);
  expect(near).toContain('AUC within quarters of brightness');
  expect(near).toMatch(/SALAD\s*0\.700 \[0\.600,\u00a00\.800\]\s*0\.610\s*–/);
  // .66 is above .70 - .05, .64 is not.
  expect(near).toContain('less than .05 below that of SALAD, or above it: brightness .660.');
  const clear = await textOf([{ name: 'SALAD', areaUnderRoc: { ...area, estimate: 0.8 } }]);
  expect(clear).not.toContain('One attribute alone');
  expect(clear).not.toContain('quarters');
});

test('each alone makes one section', async () => {
  const full = fullInput();
  for (const [key, id] of [
    ['results', 'results'],
    ['rocCurves', 'results'],
    ['precisionRecallCurves', 'results'],
    ['scores', 'results'],
    ['confusion', 'results'],
    ['operatingPoints', 'thresholds'],
    ['calibration', 'calibration'],
    ['decisionCurve', 'calibration'],
    ['subgroups', 'subgroups'],
    ['shortcuts', 'shortcuts'],
    ['split', 'split'],
    ['gallery', 'images'],
    ['projection', 'embeddings'],
    ['history', 'training'],
    ['leftOut', 'left-out'],
    ['problems', 'left-out'],
    ['facts', 'run'],
  ] as const) {
    const page = parsePage(await renderReport({ title: 'One', [key]: full[key] }));
    const ids = [...page.querySelectorAll('main > section')].map((section) => section.id);
    expect(ids).toEqual([id]);
  }
});

test('the page loads nothing and runs nothing', async () => {
  const source = await renderReport(input);
  const page = parsePage(source);
  expect(page.querySelectorAll('script, link, iframe, object, embed')).toHaveLength(0);
  for (const link of page.querySelectorAll('[href]')) {
    expect(page.querySelector(link.getAttribute('href')!)).not.toBeNull();
  }
  for (const tile of page.querySelectorAll('[src]')) {
    expect(tile.getAttribute('src')).toMatch(/^data:image\/png;base64,/);
  }
  expect(source.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import/);
});

test('of every part there is a figure or a table', async () => {
  const page = parsePage(await renderReport(fullInput()));
  const figures = [...page.querySelectorAll('figcaption')].map((caption) => caption.textContent);
  expect(figures).toEqual(
    expect.arrayContaining(['Precision and recall', 'Predicted and observed probabilities']),
  );
  const rowsOf = (id: string) =>
    [...page.querySelectorAll(`#${id} tbody tr`)].map((row) => cells(row).join(' | '));
  expect(rowsOf('thresholds')).toHaveLength(7);
  expect(rowsOf('thresholds')[0]).toMatch(/^in use \| 1\.400 \| 0\.\d{3} \[/);
  expect(rowsOf('calibration')[0]).toMatch(/every image scores 0\.250 \| 0\.\d{3}$/);
  expect(rowsOf('subgroups')[0]).toMatch(/^view AP \| \d+ \| \d+ \| 0\.\d{3} \[/);
  expect(rowsOf('left-out')).toEqual([
    'known anomaliestrained on, but not in the bank | 12',
    'IMAGE_TRUNCATED | 2',
    'IMAGE_UNSUPPORTED | 1',
  ]);
  expect(page.querySelectorAll('#images .mapped img[alt^="Map of"]')).toHaveLength(3);
});

test('of many unreadable images the first are named and all are counted', async () => {
  const problems = Array.from({ length: 70 }, (_, i) => ({
    id: `${i}.png`,
    code: 'IMAGE_INVALID',
    message: 'no image',
  }));
  const page = parsePage(await renderReport({ title: 'Many', problems }));
  expect(cells(page.querySelector('tbody tr')!)).toEqual(['IMAGE_INVALID', '70']);
  const listed = [...page.querySelectorAll('details li')].map((item) => item.textContent.trim());
  expect(listed).toHaveLength(51);
  expect(listed[50]).toBe('and 20 more');
});

test('everything that is given is escaped', async () => {
  const evil = `</title></style><script>alert(1)</script><img src=x onerror="alert('2')">`;
  const source = await renderReport({
    title: evil,
    description: evil,
    resultsNote: evil,
    results: [{ name: evil, areaUnderRoc: { estimate: 0.5 } }],
    rocCurves: [{ name: evil, falsePositiveRates: [0, 1], truePositiveRates: [0, 1] }],
    gallery: [
      {
        title: evil,
        items: [{ id: evil, score: 1, image, nearest: [{ id: evil, angleInDegrees: 1, image }] }],
      },
    ],
    precisionRecallCurves: [{ name: evil, precisions: [1], recalls: [1] }],
    operatingPoints: [
      { name: evil, threshold: 1, sensitivity: { estimate: 1 }, specificity: { estimate: 1 } },
    ],
    operatingPointsNote: evil,
    subgroups: [{ attribute: evil, value: evil, normalCount: 1, anomalyCount: 1 }],
    mapsNote: evil,
    projection: { xs: [0], ys: [0], groups: ['testNormal'] },
    projectionNote: evil,
    leftOut: [{ what: evil, images: 1, why: evil }],
    problems: [{ id: evil, code: evil, message: evil }],
    facts: [
      { name: evil, value: evil },
      { name: evil, value: evil, code: true },
    ],
  });
  expect(source).not.toContain('<script');
  expect(source).not.toContain('<img src=x');
  const page = parsePage(source);
  expect(page.querySelectorAll('script, [onerror]')).toHaveLength(0);
  expect(page.querySelector('title')!.textContent).toBe(evil);
  expect(page.querySelector('h1')!.textContent).toBe(evil);
  expect(page.querySelector('td code')!.textContent).toBe(evil);
});

test('the same input gives the same page, whatever was drawn before', async () => {
  const first = await renderReport(input);
  await figures.roc({
    curves: [{ name: 'x', falsePositiveRates: [0, 1], truePositiveRates: [0, 1] }],
  });
  expect(await renderReport(structuredClone(input))).toBe(first);
});

test('an input that went through JSON gives the same page', async () => {
  const plain = JSON.parse(
    JSON.stringify(input, (_, value) =>
      ArrayBuffer.isView(value) ? [...(value as Uint8Array)] : value,
    ),
  ) as ReportInput;
  expect(await renderReport(plain)).toBe(await renderReport(input));
});

test('text and figures stand out from the paper, in light and in dark', () => {
  const schemes = pageStyle.split('@media screen and (prefers-color-scheme: dark)');
  expect(schemes).toHaveLength(2);
  for (const scheme of schemes) {
    const colors = Object.fromEntries(
      [...scheme.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6})/g)].map(([, name, color]) => [
        name,
        color,
      ]),
    );
    for (const [name, color] of Object.entries(colors)) {
      if (['paper', 'panel', 'line'].includes(name)) continue;
      const least = name === 'ink' || name === 'quiet' || name === 'salad-muted' ? 4.5 : 3;
      expect(contrast(color, colors.paper), name).toBeGreaterThanOrEqual(least);
    }
  }
});

/** Contrast of two colours, 1 to 21 (WCAG 2.2). */
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
