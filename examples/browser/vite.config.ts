import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { contentSecurity } from './offline/content-security.js';
import { storedFiles } from './offline/stored-files.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const src = fileURLToPath(new URL('../../src', import.meta.url));

export default defineConfig({
  root: here,
  // Of any folder of a server.
  base: './',
  // The library from its source, by its public names, as a page that installed it would write them.
  resolve: {
    alias: [
      { find: '#encoder-weights', replacement: `${src}/encoders/browser-encoder-weights.ts` },
      { find: '#file-decoding', replacement: `${src}/data/browser-file-decoding.ts` },
      { find: /^salad-ad$/, replacement: `${src}/index.ts` },
      { find: /^salad-ad\/(.+)$/, replacement: `${src}/$1/index.ts` },
    ],
  },
  worker: { format: 'es' },
  build: { outDir: 'dist', target: 'es2022', chunkSizeWarningLimit: 4000 },
  preview: { port: 4173 },
  plugins: [contentSecurity(), storedFiles()],
});
