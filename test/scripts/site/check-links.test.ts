import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { baseOf } from '../../../scripts/site/base.js';
import { deadLinks } from '../../../scripts/site/check-links.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'site-'));
  await mkdir(join(folder, 'api'));
  await writeFile(join(folder, 'a.html'), '<h1 id="top">a</h1><a href="/base/b.html#x&amp;y"></a>');
  await writeFile(join(folder, 'b.html'), '<h2 id="x&amp;y">b</h2><a href="#x%26y"></a>');
  await writeFile(
    join(folder, 'api/index.html'),
    '<a href="../a.html#top"></a><img src="/base/a.png">',
  );
});
afterAll(() => rm(folder, { recursive: true }));

it('finds files and anchors that are not there', async () => {
  expect(deadLinks(folder, '/base/')).toEqual(['api/index.html: /base/a.png']);
  await writeFile(join(folder, 'a.png'), '');
  expect(deadLinks(folder, '/base/')).toEqual([]);
  await writeFile(join(folder, 'c.html'), '<a href="/base/a.html#gone"></a><a href="d.html"></a>');
  expect(deadLinks(folder, '/base/')).toEqual(['c.html: /base/a.html#gone', 'c.html: d.html']);
});

it('calls a link dead that leaves the path of the site, though a file of that name is there', async () => {
  await writeFile(join(folder, 'c.html'), '<a href="/a.html"></a><a href="/base/a.html"></a>');
  expect(deadLinks(folder, '/base/')).toEqual(['c.html: /a.html']);
});

it('takes the path of the site with or without its slashes', () => {
  for (const given of ['docs/films', '/docs/films', 'docs/films/', '/docs/films/'])
    expect(baseOf(given)).toBe('/docs/films/');
  for (const given of [undefined, '', '/']) expect(baseOf(given)).toBe('/');
});
