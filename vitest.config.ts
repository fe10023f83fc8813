import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const src = fileURLToPath(new URL('./src', import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: '#encoder-weights', replacement: `${src}/node/encoder-weights.ts` },
      { find: '#file-decoding', replacement: `${src}/node/file-decoding.ts` },
      { find: /^salad-ad$/, replacement: `${src}/index.ts` },
      { find: /^salad-ad\/(.+)$/, replacement: `${src}/$1/index.ts` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/package/**'],
    // tfjs keeps its backend and its tensors per process: one process per file, as many as CI has cores.
    pool: 'forks',
    maxWorkers: 2,
    // Plain JavaScript convolutions are slow, and the machine may be busy.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    onConsoleLog: (log) => !log.includes('Hi, looks like you are running TensorFlow.js in Node.js'),
    reporters: ['default', './test/support/skipped-tests.ts', 'json'],
    outputFile: { json: 'output/test.json' },
  },
});
