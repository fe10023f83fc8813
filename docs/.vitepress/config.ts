import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { base } from '../../scripts/site/base.js';
import { baselineRows } from '../../scripts/site/baselines/rows.js';
import { slug } from '../../scripts/site/slug.js';
import { sourceAliases } from '../../scripts/source-in-pages.js';
import { entries } from '../../scripts/surface/entries.js';
import { contents } from './contents.js';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  title: 'salad-ad',
  description: 'Learns what normal X-rays look like, scores the ones that do not, and shows why.',
  lang: 'en-GB',
  base,
  srcDir: '../output/site/pages',
  outDir: '../output/site/html',
  cacheDir: '../output/site/cache',
  metaChunk: true,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: { anchor: { slugify: slug } },
  themeConfig: {
    search: { provider: 'local' },
    outline: { level: [2, 3] },
    nav: [
      { text: 'Quickstart', link: '/quickstart' },
      { text: 'Demo', link: '/demo' },
      { text: 'Results', link: '/pictures' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: [
      ...contents.map(({ text, pages }) => ({
        text,
        collapsed: false,
        items: pages.map((one) => ({ text: one.text, link: `/${one.page}` })),
      })),
      {
        text: 'Baselines, one by one',
        collapsed: true,
        items: baselineRows().map(({ name }) => ({ text: name, link: `/baselines/${name}` })),
      },
      {
        text: 'API',
        collapsed: true,
        items: entries.map(({ folder }) => ({
          text: folder ? `salad-ad/${folder}` : 'salad-ad',
          link: `/api/${folder || 'salad-ad'}/`,
        })),
      },
    ],
    footer: { message: 'Research software, not a medical device. Apache-2.0.' },
  },
  vite: {
    publicDir: at('../../output/site/pages/public'),
    resolve: { alias: sourceAliases },
    worker: { format: 'es' },
  },
});
