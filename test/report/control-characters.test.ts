import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { figures, renderReport, standaloneSvg } from '../../src/report/index.js';

// XML 1.0, section 2.2: of the characters below U+0020 only tab, line feed and carriage return; no U+FFFE, no U+FFFF, no half of
// a surrogate pair.
const forbidden = [
  '\0',
  '\x01',
  '\b',
  '\x0b',
  '\x0c',
  '\x1b',
  '\x1f',
  '\ufffe',
  '\uffff',
  '\ud800',
  '\udc00x',
];
const allowed = 'tab\t, ü, 日, 🩻, & < > " \'';

const curveOf = (name: string) => ({ name, falsePositiveRates: [0, 1], truePositiveRates: [0, 1] });
const hasPython = spawnSync('python3', ['-c', 'import xml.sax']).status === 0;

/** What a parser of XML 1.0 (expat) says of it; '' for nothing. */
function complaint(xml: string): string {
  const code =
    'import sys,xml.sax; xml.sax.parseString(sys.stdin.buffer.read(), xml.sax.ContentHandler())';
  return spawnSync('python3', ['-c', code], { input: xml, encoding: 'utf8' }).stderr;
}

test.each(forbidden)('a figure with %j in a name is XML', async (character) => {
  const svg = await figures.roc({ curves: [curveOf(`a${character}b ${allowed}`)] });
  expect(() => encodeURI(svg)).not.toThrow();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  expect(svg).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/);
  expect(svg).toContain('a\ufffd');
  expect(svg).toContain('🩻');
  if (hasPython) expect(complaint(standaloneSvg(svg))).toBe('');
});

test('a page with them holds none', async () => {
  const name = `a${forbidden.join('')}b`;
  const page = await renderReport({ title: name, rocCurves: [curveOf(name)] });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  expect(page).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/);
});
