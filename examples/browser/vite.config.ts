import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { sourceAliases } from '../../scripts/source-in-pages.js';
import { contentSecurity } from './offline/content-security.js';
import { storedFiles } from './offline/stored-files.js';

const here = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root: here,
  // Of any folder of a server.
  base: './',
  resolve: { alias: sourceAliases },
  worker: { format: 'es' },
  build: { outDir: 'dist', target: 'es2022', chunkSizeWarningLimit: 4000 },
  preview: { port: 4173 },
  plugins: [contentSecurity(), storedFiles()],
});
