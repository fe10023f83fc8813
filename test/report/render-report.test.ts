import { expect, test } from 'vitest';
import { confusionAt, rocCurve } from '../../src/metrics/index.js';
import { type ReportInput, renderReport, rocFigure } from '../../src/report/index.js';
import { pageStyle } from '../../src/report/page-style.js';
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
  resultsNote: '95 % intervals',
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
  expect(ids).toEqual(['results', 'training', 'images', 'run']);
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

test('a part without data has no section', async () => {
  const page = parsePage(await renderReport({ title: 'Bare' }));
  expect(page.querySelectorAll('section, table, svg, img')).toHaveLength(0);
  const empty = { results: [], rocCurves: [], history: [], facts: [] };
  const hollow: ReportInput = {
    title: 'Bare',
    ...empty,
    scores: { scores: [], labels: [] },
    gallery: [{ title: 'None', items: [] }],
  };
  expect(await renderReport(hollow)).toBe(await renderReport({ title: 'Bare' }));
});

test('one part alone makes one section', async () => {
  for (const [key, id] of [
    ['results', 'results'],
    ['rocCurves', 'results'],
    ['scores', 'results'],
    ['confusion', 'results'],
    ['history', 'training'],
    ['gallery', 'images'],
    ['facts', 'run'],
  ] as const) {
    const page = parsePage(await renderReport({ title: 'One', [key]: input[key] }));
    const ids = [...page.querySelectorAll('main > section')].map((section) => section.id);
    expect(ids).toEqual([id]);
  }
});

test('the page loads nothing and runs nothing', async () => {
  const source = await renderReport(input);
  const page = parsePage(source);
  expect(page.querySelectorAll('script, link, iframe, object, embed, [href]')).toHaveLength(0);
  for (const tile of page.querySelectorAll('[src]')) {
    expect(tile.getAttribute('src')).toMatch(/^data:image\/png;base64,/);
  }
  expect(source.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import/);
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
        items: [{ id: evil, score: 1, image, nearest: [{ id: evil, angle: 1, image }] }],
      },
    ],
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
  await rocFigure({
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
  const schemes = pageStyle.split('@media (prefers-color-scheme: dark)');
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
