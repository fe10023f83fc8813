import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contents, madePages } from '../../../docs/.vitepress/contents.js';
import { drawResults } from '../../../docs/images/results/draw.js';
import { baselinePages } from '../../../scripts/site/baselines/pages.js';
import { linksOf, withSiteLinks } from '../../../scripts/site/links.js';
import { firstSentence } from '../../../scripts/site/llms.js';
import { resolved, root } from '../../../scripts/site/paths.js';
import { quickstartPage } from '../../../scripts/site/readme.js';
import { anchorsOf, slug } from '../../../scripts/site/slug.js';
import { kindsOf } from './kinds.js';

const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

it('every page of docs is in the sidebar once', () => {
  const listed = contents.flatMap(({ pages }) => pages.map(({ page }) => page));
  const there = [...docs.map((name) => name.replace(/\.md$/, '')), ...madePages];
  expect([...listed].sort()).toEqual(there.sort());
});

it('every detector has a page', () => {
  const names = baselinePages().map(({ path }) => path.replace(/^baselines\/(.*)\.md$/, '$1'));
  expect(names.sort()).toEqual(kindsOf().sort());
});

it.each(['README.md', ...docs.map((name) => `docs/${name}`)])(
  '%s links to headings that are there',
  (page) => {
    const missing = linksOf(textOf(page)).filter(({ target, anchor }) => {
      const file = target === '' ? page : resolved(page, target);
      return anchor && file.endsWith('.md') && !anchorsOf(textOf(file)).has(anchor);
    });
    expect(missing).toEqual([]);
  },
);

it('the quickstart is made of sections of the README', () => {
  expect(anchorsOf(quickstartPage())).toContain('from-an-empty-folder-to-scores');
});

it('the pictures of results are what `npx tsx docs/images/results.ts` draws', async () => {
  for (const [name, svg] of Object.entries(await drawResults()))
    expect(textOf(`docs/images/${name}.svg`) === svg, `${name}.svg is up to date`).toBe(true);
});

it('llms.txt says of a page what its first sentence says', () => {
  const page =
    '# Title\n\n![picture](a.svg)\n\n```sh\nrun\n```\n\nIt *does* [this](b.md): and\nthat. And more.\n';
  expect(firstSentence(page)).toBe('It does this.');
});

describe('anchors', () => {
  it('are those of code hosts', () => {
    expect(slug('1. Choose a `backend`')).toBe('1-choose-a-backend');
    expect(slug("PyOD's KNN: as shipped, & more")).toBe('pyods-knn-as-shipped--more');
  });

  it('are numbered where a heading comes again, and leave out code', () => {
    const text = '# One\n\n```sh\n# no heading\n```\n\n## [Two](two.md)\n\n## One\n';
    expect([...anchorsOf(text)]).toEqual(['one', 'two', 'one-1']);
  });
});

describe('links', () => {
  const moved = (text: string, from = 'docs/model.md', to = 'model.md') =>
    withSiteLinks(text, from, to);

  it('of a page lead to where the site has it', () => {
    expect(moved('[a](cells.md#settings)')).toBe('[a](./cells.md#settings)');
    expect(moved('[a](../CONTRIBUTING.md)')).toBe('[a](./repository/CONTRIBUTING.md)');
    expect(moved('[a](../examples/10-primitives.ts)')).toBe(
      '[a](./repository/examples/10-primitives.ts.md)',
    );
    expect(moved('[a](../README.md#install)')).toBe('[a](./quickstart.md#install)');
    expect(moved('[a](docs/cells.md)', 'README.md', 'index.md')).toBe('[a](./cells.md)');
    expect(moved('[a](baselines.md)', 'docs/baselines.md', 'baselines/texture.md')).toBe(
      '[a](../baselines.md)',
    );
  });

  it('in code, to other hosts and within the page stay', () => {
    for (const text of [
      '`[a](cells.md)`',
      '```\n[a](cells.md)\n```',
      '[a](https://a.b)',
      '[a](#b)',
    ])
      expect(moved(text)).toBe(text);
  });

  it('to folders become text, unless it is known where the repository is', () => {
    expect(moved('the [suite](../test/wasm) of it')).toBe(
      'the suite (`test/wasm` of the repository) of it',
    );
    process.env.SALAD_AD_REPOSITORY = 'https://host/name/';
    expect(moved('[suite](../test/wasm)')).toBe('[suite](https://host/name/tree/main/test/wasm)');
    delete process.env.SALAD_AD_REPOSITORY;
  });

  it('name files that are there', () => {
    for (const { path, text, from } of baselinePages())
      for (const { target } of linksOf(text))
        expect(existsSync(join(root, resolved(from, target))), `${path}: ${target}`).toBe(true);
  });
});
