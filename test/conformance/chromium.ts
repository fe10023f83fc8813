import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium, type Page } from 'playwright-core';
import type { Outcome } from './case.js';
import type { Host } from './host.js';

const PLACES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Where Chromium is, if it is; CHROMIUM_PATH goes before the usual places. */
export const chromiumPath = PLACES.find((path) => path && existsSync(path));

/** Why nothing can run in Chromium here, if so. */
export const noChromium = chromiumPath
  ? undefined
  : 'no Chromium found; CHROMIUM_PATH says where it is';

/** What package.json's imports name in a page; from source, tsconfig names what Node takes. */
export const inPage = {
  '#file-decoding': fileURLToPath(
    new URL('../../src/data/browser-file-decoding.ts', import.meta.url),
  ),
  '#encoder-weights': fileURLToPath(
    new URL('../../src/encoders/browser-encoder-weights.ts', import.meta.url),
  ),
};

/** WebGL and WebGPU on the processor, where there is no graphics card. */
const FLAGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-features=Vulkan',
];

/** What a page is made of, beside its script. */
export interface PageParts {
  /** Folders that the server has, by the path that they have there: '/network'. */
  readonly folders?: Readonly<Record<string, string>>;
  /** Packages that are read from other places. */
  readonly alias?: Readonly<Record<string, string>>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** A page with a script in it, on a server of its own; `isolated`: with the headers that allow threads. */
async function servePage(
  isolated: boolean,
  script: URL,
  { folders, alias }: PageParts,
): Promise<{ url: string; close: () => void }> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(script)],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    // The codecs of DICOM files and OpenCV name them where they run in Node.
    external: ['fs', 'path', 'crypto'],
    alias: { ...inPage, ...alias },
    write: false,
    logLevel: 'error',
  });
  const served: Record<string, string> = {
    '/wasm': dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm'))),
    ...folders,
  };
  const server = createServer(async ({ url = '/' }, response) => {
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    if (url === '/') {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><script src="/page.js"></script>');
    } else if (url === '/page.js') {
      response.setHeader('Content-Type', 'text/javascript');
      response.end(outputFiles[0].contents);
    } else if (dirname(url) in served) {
      response.setHeader('Content-Type', TYPES[extname(url)] ?? 'application/octet-stream');
      response.end(await readFile(join(served[dirname(url)], basename(url))));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/** Does `work` in a page of Chromium that has a script loaded, the suite unless told; `isolated`: where threads are allowed. */
export async function inChromium<T>(
  isolated: boolean,
  work: (page: Page) => Promise<T>,
  script = new URL('in-page.ts', import.meta.url),
  parts: PageParts = {},
): Promise<T> {
  const { url, close } = await servePage(isolated, script, parts);
  const browser = await chromium.launch({ executablePath: chromiumPath, args: FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    return await work(page);
  } finally {
    await browser.close();
    close();
  }
}

/** The suite on one backend of a page in Chromium. */
export function chromiumHost(backend: string, options: { isolated?: boolean } = {}): Host {
  const { isolated = false } = options;
  return {
    unavailable: noChromium,
    async run(fixtures) {
      const outcomes: Outcome[] = [];
      await inChromium(isolated, async (page) => {
        await page.exposeFunction('reportOutcome', (one: Outcome) => void outcomes.push(one));
        const given = { backend, fixtures, isolated };
        await page.evaluate((all) => globalThis.runConformance(all), given);
      });
      return outcomes;
    },
  };
}
