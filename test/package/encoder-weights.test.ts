import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as bundle } from 'esbuild';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { chromiumPath } from '../conformance/chromium.js';
import { callInPage, serveFolder } from './pages.js';

// Where the file of weights is found: in Node by import and require, in a bundle for Node, and in a page.

const project = inject('project');
const weights = join(project, 'node_modules/salad-ad/dist/efficientnet-lite0.bin');

/** Makes an encoder of the packed library, and prints the length of an embedding and its fingerprint, or the error. */
const script = (load: string) => `
  ${load}('@tensorflow/tfjs-backend-cpu');
  const tf = ${load}('@tensorflow/tfjs-core');
  const { efficientNetLite0 } = ${load}('salad-ad/encoders');
  (async () => {
    await tf.ready();
    try {
      const encoder = await efficientNetLite0({ inputShape: [16, 16, 1] });
      const { embeddings } = encoder.encode(tf.ones([1, 16, 16, 1]), false);
      console.log(JSON.stringify([embeddings.size, encoder.config.fingerprint]));
    } catch ({ code, message }) {
      console.log(JSON.stringify({ code, message }));
    }
  })();`;

function run(args: string[], cwd = project): unknown {
  const printed = execFileSync(process.execPath, args, { cwd, encoding: 'utf8' });
  return JSON.parse(printed.trim().split('\n').at(-1) as string);
}

const found = [112, expect.stringMatching(/^crc32 [0-9a-f]+$/)];

describe('the weights', () => {
  it('are in the package once, in at most 1.5 MB', () => {
    expect(readFileSync(weights).length).toBeLessThanOrEqual(1_500_000);
    const dist = join(project, 'node_modules/salad-ad/dist');
    expect(readdirSync(dist).filter((name) => name.endsWith('.bin'))).toEqual([
      'efficientnet-lite0.bin',
    ]);
  });

  it.each([
    ['module', 'await import'],
    ['commonjs', 'require'],
  ])('are found in Node, as %s', (type, load) => {
    expect(run([`--input-type=${type}`, '--eval', script(load)])).toEqual(found);
  });

  it('have a path of their own, for who serves them', () => {
    const print =
      "console.log(JSON.stringify(require.resolve('salad-ad/encoders/efficientnet-lite0.bin')))";
    expect(run(['--eval', print])).toBe(weights);
  });
});

describe('a bundle for Node', () => {
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(project, 'bundled-'));
    await bundle({
      stdin: { contents: script('await import'), resolveDir: project },
      bundle: true,
      format: 'esm',
      platform: 'node',
      outfile: join(folder, 'server.mjs'),
      banner: {
        js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
      },
      logLevel: 'silent',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('finds the package from where it runs', () => {
    expect(run([join(folder, 'server.mjs')])).toEqual(found);
  });

  it('says what to give where there is none', () => {
    expect(run([join(folder, 'server.mjs')], '/')).toEqual({
      code: 'MISSING_WEIGHTS',
      message: expect.stringMatching(/^efficientNetLite0: .*give its bytes as weights/),
    });
  });
});

describe.skipIf(!chromiumPath)('a page that Vite builds', () => {
  it('fetches them from the file that was put beside its code, only when asked', async () => {
    const root = mkdtempSync(join(project, 'page-'));
    writeFileSync(
      join(root, 'index.html'),
      '<!doctype html><script type="module" src="/main.js"></script>',
    );
    const page = `
      import '@tensorflow/tfjs-backend-cpu';
      import * as tf from '@tensorflow/tfjs-core';
      import { efficientNetLite0 } from 'salad-ad/encoders';
      globalThis.encode = async () => {
        await tf.ready();
        const encoder = await efficientNetLite0({ inputShape: [16, 16, 1] });
        const { embeddings } = encoder.encode(tf.ones([1, 16, 16, 1]), false);
        return [embeddings.size, encoder.config.fingerprint];
      };`;
    writeFileSync(join(root, 'main.js'), page);
    await build({ root, logLevel: 'silent', configFile: false });
    const { url, asked, close } = await serveFolder(join(root, 'dist'));
    const files = () => asked.filter((path) => path.endsWith('.bin'));
    try {
      expect(await callInPage(url, 'encode', () => expect(files()).toEqual([]))).toEqual(found);
      expect(files()).toHaveLength(1);
    } finally {
      close();
      rmSync(root, { recursive: true });
    }
  });
});
