import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const textOf = (path: string) =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8').replace(/[\s,;]+/g, '');

// docs/architecture.md quotes Eq. 1 to 4, each after a comment that names its file.
const section = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8')
  .split("## The paper's equations in the code")[1]
  .split('```')[1]
  .replace('text\n', '');
const quotes = section.split(/^\/\/ /m).slice(1);

describe('docs/architecture.md', () => {
  it('quotes four equations', () => {
    expect(quotes.map((quote) => quote.slice(0, 5))).toEqual(['Eq. 1', 'Eq. 2', 'Eq. 3', 'Eq. 4']);
  });

  it.each(quotes)('quotes the code of src/core: %s', (quote) => {
    const [heading, ...lines] = quote.trim().split('\n');
    const [equation, file] = heading.split(/[,:] /);
    const source = textOf(`src/core/${file}`);
    expect(source).toContain(lines.join('').replace(/[\s,;]+/g, ''));
    expect(source).toContain(equation.replace(/\s+/g, ''));
    expect(lines.length).toBeLessThanOrEqual(10);
  });
});
