import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A folder's source files, as paths from the root of the repository. */
export function sourcesIn(folder: string): string[] {
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.generated.ts'))
    .map((name) => folder + name)
    .sort();
}

/** The text of a file, or of all source files of a folder, whose path ends with a slash. */
export function textOf(path: string): string {
  const files = path.endsWith('/') ? sourcesIn(path) : [path];
  return files.map((file) => readFileSync(root + file, 'utf8')).join('\n');
}

/** The text from a heading of a page to the next one of its level or above. */
export function sectionOf(page: string, heading: string): string {
  const [, level = ''] = /^(#+) /.exec(heading) ?? [];
  const [, after] = `\n${textOf(page)}`.split(`\n${heading}\n`);
  if (after === undefined) throw new Error(`${page} has no '${heading}'`);
  return after.split(new RegExp(`\\n#{1,${level.length}} `))[0];
}

/**
 * The list of CONTRIBUTING.md under a heading, held both ways: what is returned gives the text of a place of the list
 * and refuses any other, and a test expects that every place was asked for.
 */
export function touchPoints(heading: string): (path: string) => string {
  const section = sectionOf('CONTRIBUTING.md', `### ${heading}`);
  const listed = [...section.matchAll(/^- `([^`]+)`/gm)].map(([, path]) => path);
  const asked = new Set<string>();
  it('the list has no place that is not held here', () => {
    expect([...asked].sort()).toEqual([...listed].sort());
  });
  return (path) => {
    asked.add(path);
    if (!listed.includes(path)) throw new Error(`'${heading}' of CONTRIBUTING.md lacks ${path}`);
    return textOf(path);
  };
}

/** The rows of the tables of a text. */
export function rowsOf(text: string): string[] {
  return text.split('\n').filter((line) => line.startsWith('|'));
}

/** Expects a text to hold a pattern; a failure names `what`, not the text. */
export function expectIn(text: string, pattern: string | RegExp, what = String(pattern)): void {
  const found = typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);
  expect(found, `expected ${what}`).toBe(true);
}
