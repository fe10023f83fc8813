import { decode } from 'fast-png';
import { afterEach, expect, test, vi } from 'vitest';
import { figures, standaloneSvg, svgToPng } from '../../src/report/index.js';
import { parseSvg } from './parse.js';

const name = 'a > b, width="1" & viewBox="0 0 9 9"';
const figure = () =>
  figures.roc({
    curves: [{ name, falsePositiveRates: [0, 0.2, 1], truePositiveRates: [0, 0.9, 1] }],
  });

afterEach(() => {
  vi.doUnmock('sharp');
  vi.resetModules();
});

test.each([
  ['light', '#5b3fa8', '#fcfcfb'],
  ['dark', '#b39df0', '#15181c'],
] as const)('a file of its own has plain colours, %s', async (scheme, accent, paper) => {
  const svg = await figure();
  const { width, height } = sizeOf(svg);
  const alone = standaloneSvg(svg, { scheme });
  expect(svg).toContain('var(');
  expect(alone).not.toContain('var(');
  expect(alone).toContain(`stroke="${accent}"`);
  expect(sizeOf(alone)).toEqual({ width: width + 24, height: height + 24 });
  const root = parseSvg(alone).documentElement;
  expect(root.getAttribute('viewBox')).toBe(`-12 -12 ${width + 24} ${height + 24}`);
  expect(root.firstElementChild!.getAttribute('fill')).toBe(paper);
  const names = [...root.querySelectorAll('text')].map((text) => text.textContent);
  expect(names.some((text) => text.startsWith('a > b'))).toBe(true);
});

function sizeOf(svg: string) {
  const root = parseSvg(svg).documentElement;
  return {
    width: Number(root.getAttribute('width')),
    height: Number(root.getAttribute('height')),
  };
}

test('a picture has the size, the paper and the colours of the figure', async () => {
  const svg = await figures.projection({ xs: [0], ys: [0], kinds: ['testAbnormal'] });
  const { width, height } = sizeOf(svg);
  const small = decode(await svgToPng(svg, { scale: 1 }));
  expect([small.width, small.height]).toEqual([width + 24, height + 24]);
  const large = decode(await svgToPng(svg));
  expect([large.width, large.height]).toEqual([2 * (width + 24), 2 * (height + 24)]);
  const pixel = (x: number, y: number) => [
    ...large.data.slice((y * large.width + x) * large.channels).slice(0, 3),
  ];
  expect(pixel(0, 0)).toEqual([0xfc, 0xfc, 0xfb]);
  // The one point of the projection, in the middle of its frame.
  const [r, g, b] = pixel(2 * (12 + 220), 2 * (12 + 6 + 214));
  expect(r).toBeGreaterThan(g);
  expect(g).toBeGreaterThan(b);
});

test('what is no figure, and a scheme or scale that is none, are refused', async () => {
  expect(() => standaloneSvg('<svg/>')).toThrow('INVALID_OPTION');
  const svg = await figure();
  expect(() => standaloneSvg(svg, { scheme: 'sepia' as never })).toThrow('INVALID_OPTION');
  await expect(svgToPng(svg, { scale: 0 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  await expect(svgToPng(svg, { size: 2 } as never)).rejects.toMatchObject({
    code: 'UNKNOWN_OPTION',
  });
});

test('without sharp it names the remedy', async () => {
  vi.doMock('sharp', () => {
    throw new Error("Cannot find package 'sharp'");
  });
  const made = svgToPng(await figure());
  await expect(made).rejects.toMatchObject({ code: 'MISSING_PEER', details: { package: 'sharp' } });
});
