import { describe, expect, it } from 'vitest';
import { figures } from '../../src/report/index.js';
import { parseSvg } from './parse.js';

const series = [
  {
    name: 'SALAD',
    points: [
      { ratio: 0, mean: 0.9, spread: 0.05 },
      { ratio: 0.1, mean: 0.95, spread: 0.02 },
    ],
  },
  { name: 'pixels & <more>', points: [{ ratio: 0, mean: 0.7 }] },
];

describe('figures.anomalyRatios', () => {
  it('has a line, error bars and a name for each detector', async () => {
    const svg = parseSvg(await figures.anomalyRatios(series));
    const lines = [...svg.querySelectorAll('path[aria-label="SALAD"]')];
    expect(lines.length).toBe(1);
    const text = [...svg.querySelectorAll('text')].map(({ textContent }) => textContent);
    expect(text).toEqual(expect.arrayContaining(['0%', '10%', 'SALAD', 'pixels & <more>']));
    expect(svg.querySelector('svg')?.getAttribute('aria-description')).toContain(
      'SALAD: 0.900 at 0%, 0.950 at 10%; ',
    );
  });

  it('draws a bar as long as its spread, and none without one', async () => {
    const svg = parseSvg(await figures.anomalyRatios(series));
    const bars = [...svg.querySelectorAll('g[aria-label="link"] path')]
      .map((path) => (path.getAttribute('d') ?? '').match(/[\d.]+/g)?.map(Number) ?? [])
      // A link of the legend lies flat.
      .filter(([x1, , x2]) => x1 === x2)
      .map(([, y1, , y2]) => Math.abs(y1 - y2));
    expect(bars.length).toBe(2);
    expect(bars[0] / bars[1]).toBeCloseTo(2.5, 2);
  });

  it('ends a bar at 1', async () => {
    const ends = async (spread: number) => {
      const points = [{ ratio: 0, mean: 0.97, spread }];
      const svg = parseSvg(await figures.anomalyRatios([{ name: 'a', points }]));
      return [...svg.querySelectorAll('g[aria-label="link"] path')]
        .map((path) => (path.getAttribute('d') ?? '').match(/[\d.]+/g)?.map(Number) ?? [])
        .filter(([x1, , x2]) => x1 === x2)
        .map(([, y1, , y2]) => Math.min(y1, y2));
    };
    expect(await ends(0.035)).toEqual(await ends(0.03));
  });

  it('takes one share alone, and more detectors than colours', async () => {
    const many = Array.from({ length: 14 }, (_, i) => ({
      name: `d${i}`,
      points: [{ ratio: 0.05, mean: 0.5 + i / 50 }],
    }));
    const svg = parseSvg(await figures.anomalyRatios(many));
    expect(svg.toString()).not.toContain('NaN');
  });

  it('needs a point', async () => {
    await expect(figures.anomalyRatios([{ name: 'a', points: [] }])).rejects.toThrow('EMPTY_SET');
  });
});
