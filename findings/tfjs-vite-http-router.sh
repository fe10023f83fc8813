#!/usr/bin/env bash
# Guess: a production build of Vite does what the same code does unbundled: tf.io.getLoadHandlers(url) finds the HTTP handler.
# What happens: the build drops the registration of TensorFlow.js's HTTP handler as dead code, so nothing is found for a URL,
# while IndexedDB's handler is kept. It is kept too as soon as the code mentions tf.io.http anywhere. esbuild keeps both always.
. "$(dirname "$0")/support/common.sh"

npm_packages @tensorflow/tfjs-core@4.22.0 vite@8.4.0 esbuild@0.27.7
cat >build.mjs <<'JS'
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import vm from 'node:vm';
import * as esbuild from 'esbuild';
import { build } from 'vite';

const { seen } = createRequire(import.meta.url)(process.env.SEEN);

/** Runs a script where TensorFlow.js takes itself to be in a browser, and says how many handlers it found. */
function inPage(file) {
  let found;
  const page = { document: {}, fetch() {}, indexedDB: {}, localStorage: {}, navigator: { userAgent: '' } };
  Object.assign(page, { location: { search: '' }, performance, setTimeout, TextEncoder, TextDecoder, console });
  page.report = (handlers) => { found = handlers; };
  page.window = page.self = page;
  vm.runInNewContext(readFileSync(file, 'utf8'), page);
  return found;
}

const handlers = `report({ http: io.getLoadHandlers('https://example.org/model.json').length,
  indexeddb: io.getLoadHandlers('indexeddb://model').length });`;
const sources = { plain: handlers, 'with a mention of io.http': `${handlers} if (io.http === 1) report();` };
for (const [name, source] of Object.entries(sources)) {
  writeFileSync('main.mjs', `import { io } from '@tensorflow/tfjs-core'; ${source}`);
  await esbuild.build({ entryPoints: ['main.mjs'], bundle: true, outfile: 'esbuild.js', logLevel: 'error' });
  seen(`esbuild, ${name}, handlers`, inPage('esbuild.js'), { http: 1, indexeddb: 1 });
  const lib = { entry: 'main.mjs', formats: ['iife'], name: 'app', fileName: () => 'out.js' };
  await build({ logLevel: 'error', configFile: false, build: { outDir: 'vite', lib } });
  seen(`Vite, ${name}, handlers`, inPage('vite/out.js'), { http: name === 'plain' ? 0 : 1, indexeddb: 1 });
}
JS
node build.mjs

# Seen on 2026-11-28 with:
# Node v20.20.2, @tensorflow/tfjs-core@4.22.0 vite@8.4.0 esbuild@0.27.7
# esbuild, plain, handlers: {"http":1,"indexeddb":1}
# Vite, plain, handlers: {"http":0,"indexeddb":1}
# esbuild, with a mention of io.http, handlers: {"http":1,"indexeddb":1}
# Vite, with a mention of io.http, handlers: {"http":1,"indexeddb":1}
