import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as esbuild } from 'esbuild';
import { build, createServer } from 'vite';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import webpack from 'webpack';
import { chromiumPath } from '../conformance/chromium.js';
import { apart, fitAndScore, scoresHere } from './fit-and-score.js';
import { callInPage, serveFolder } from './pages.js';

// The packed library in a page, by each tool that people build pages with. None is told anything: a project has no more than
// the library and a backend, so that the optional packages that it may load are not there.
const page = `
  import '@tensorflow/tfjs-backend-cpu';
  import * as tf from '@tensorflow/tfjs-core';
  import * as library from 'salad-ad';
  import { areaUnderRoc } from 'salad-ad/metrics';
  ${fitAndScore}
  globalThis.run = async () => {
    const scores = await fitAndScore(tf, library);
    return { scores, area: areaUnderRoc(scores, scores.map((score, i) => (i < 6 ? 0 : 1))) };
  };`;
const html = (script: string) =>
  `<!doctype html><title>page</title><script type="module" src="${script}"></script>`;

type Served = { readonly url: string; close(): void | Promise<void> };

const tools: Readonly<Record<string, (root: string) => Promise<Served>>> = {
  'Vite, development': async (root) => {
    const server = await createServer({
      root,
      configFile: false,
      logLevel: 'silent',
      cacheDir: join(root, 'cache'),
      server: { host: '127.0.0.1', port: 0 },
    });
    await server.listen();
    return { url: server.resolvedUrls?.local[0] as string, close: () => server.close() };
  },
  'Vite, production': async (root) => {
    await build({ root, configFile: false, logLevel: 'silent' });
    return serveFolder(join(root, 'dist'));
  },
  esbuild: async (root) => {
    const outdir = join(root, 'dist');
    await esbuild({
      entryPoints: [join(root, 'main.js')],
      bundle: true,
      splitting: true,
      format: 'esm',
      minify: true,
      outdir,
      logLevel: 'silent',
    });
    writeFileSync(join(outdir, 'index.html'), html('/main.js'));
    return serveFolder(outdir);
  },
  webpack: async (root) => {
    const path = join(root, 'dist');
    const options = {
      mode: 'production' as const,
      context: root,
      entry: './main.js',
      output: { path },
    };
    await new Promise<void>((done, failed) => {
      webpack(options, (error, stats) => {
        const problem = error ?? (stats?.hasErrors() && new Error(stats.toString('errors-only')));
        if (problem) failed(problem);
        else done();
      });
    });
    writeFileSync(join(path, 'index.html'), html('/main.js'));
    return serveFolder(path);
  },
};

describe.skipIf(!chromiumPath)('a page', () => {
  let root = '';
  let expected: number[];
  beforeAll(() => {
    root = mkdtempSync(join(inject('project'), 'page-'));
    writeFileSync(join(root, 'index.html'), html('/main.js'));
    writeFileSync(join(root, 'main.js'), page);
    expected = scoresHere();
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it.each(Object.entries(tools))('of %s fits and scores as Node does', async (_, serve) => {
    const served = await serve(root);
    try {
      const { scores, area } = await callInPage<{ scores: number[]; area: number }>(
        served.url,
        'run',
      );
      expect(apart(scores, expected)).toBeLessThan(1e-5);
      expect(area).toBeGreaterThanOrEqual(0);
    } finally {
      await served.close();
      rmSync(join(root, 'dist'), { recursive: true, force: true });
    }
  });
});
