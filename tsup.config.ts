import { copyFile } from 'node:fs/promises';
import { defineConfig } from 'tsup';
import packageJson from './package.json' with { type: 'json' };

// The keys of package.json's exports are the one list of entries: '.' is src/index.ts and './name' is
// src/name/index.ts. What is exported for no condition is a file as it is.
const entries = Object.fromEntries(
  Object.entries(packageJson.exports)
    .filter(([, target]) => typeof target !== 'string')
    .map(([key]) => key.slice('./'.length))
    .map((name) => (name ? [name, `src/${name}/index.ts`] : ['index', 'src/index.ts'])),
);

export default defineConfig({
  // No entries: the file that threads of 'salad-ad/node' run is found beside it, and '#file-decoding' and
  // '#encoder-weights' are each one of two files, by the conditions of package.json's imports.
  entry: {
    ...entries,
    'node-worker': 'src/node/node-worker.ts',
    'node-file-decoding': 'src/node/file-decoding.ts',
    'browser-file-decoding': 'src/data/browser-file-decoding.ts',
    'node-encoder-weights': 'src/node/encoder-weights.ts',
    'browser-encoder-weights': 'src/encoders/browser-encoder-weights.ts',
  },
  format: ['esm', 'cjs'],
  target: 'es2022',
  platform: 'neutral',
  external: [/^node:/, /^#/],
  splitting: true,
  dts: { entry: entries },
  // import.meta.url in the CommonJS files too.
  shims: true,
  clean: true,
  sourcemap: true,
  removeNodeProtocol: false,
  onSuccess: () => copyFile('src/encoders/efficientnet-lite0.bin', 'dist/efficientnet-lite0.bin'),
});
