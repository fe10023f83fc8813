import { expect, test } from 'vitest';
import { renderReport, tslab } from '../../src/report/index.js';

function notebook() {
  const shown: string[] = [];
  return { shown, display: { html: (text: string) => void shown.push(text) } };
}

test('a figure is shown as it is, and a promise of one', async () => {
  const { shown, display } = notebook();
  await tslab(display, '<svg></svg>');
  await tslab(display, Promise.resolve('<svg/>'));
  expect(shown).toEqual(['<svg></svg>', '<svg/>']);
});

test('a page has a frame, in which its text is quoted', async () => {
  const { shown, display } = notebook();
  await tslab(display, renderReport({ title: 'A "page" & more' }));
  expect(shown[0]).toMatch(/^<iframe srcdoc="&lt;|^<iframe srcdoc="<!doctype html>/);
  const source = /srcdoc="([^"]*)"/.exec(shown[0])?.[1] ?? '';
  expect(source).toContain('A &amp;quot;page&amp;quot; &amp;amp; more');
});

test('what is no display or no figure is refused', async () => {
  const { display } = notebook();
  await expect(tslab({} as typeof display, '<svg/>')).rejects.toThrow(
    /^tslab: display has no html/,
  );
  await expect(tslab(display, '')).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  await expect(tslab(display, 3 as unknown as string)).rejects.toThrow('figure is 3');
});
