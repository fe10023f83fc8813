import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build, preview } from 'vite';
import { chromiumPath } from '../../conformance/chromium.js';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const root = `${repository}examples/browser/`;
// Each test file has a build of its own: they run side by side.
const outDir = `${repository}output/test-browser-app-${process.pid}`;
const flags = ['--no-sandbox', '--enable-precise-memory-info'];

/** Milliseconds that it may take where the sample model has to be made first. */
export const FIRST_BUILD = 900_000;

/** The app as it is published, served from this machine, with Chromium beside it. */
export interface BuiltPage {
  readonly url: string;
  readonly browser: Browser;
  /** A page of a new profile, and everything that went wrong in it. */
  readonly open: (path?: string) => Promise<OpenedPage>;
  /** No request is answered from here on. */
  readonly stopServer: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface OpenedPage {
  readonly page: Page;
  /** Errors and warnings of the console, and requests that left the server. */
  readonly complaints: string[];
}

/** With these a page may have threads that share memory. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** Builds the app; its sample model is made first where it is not there. */
export async function builtPage({ isolated = false } = {}): Promise<BuiltPage> {
  const tsx = fileURLToPath(import.meta.resolve('tsx/cli'));
  const make = `${root}make-model.ts`;
  await promisify(execFile)(process.execPath, [tsx, make, '--keep'], { cwd: repository });
  const configFile = `${root}vite.config.ts`;
  const common = { configFile, logLevel: 'error', build: { outDir, emptyOutDir: true } } as const;
  // As it is published, whatever the tests run as.
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  await build(common).finally(() => {
    process.env.NODE_ENV = before;
  });
  const headers = isolated ? ISOLATED : {};
  const server = await preview({ ...common, preview: { port: 0, host: '127.0.0.1', headers } });
  let stopping: Promise<void> | undefined;
  const stopServer = () => {
    stopping ??= server.close();
    return stopping;
  };
  const url = server.resolvedUrls?.local[0] as string;
  const browser = await chromium.launch({ executablePath: chromiumPath, args: flags });
  return {
    url,
    browser,
    open: (path = '') => openPage(browser, url, path),
    close: async () => {
      await browser.close();
      await stopServer();
      await rm(outDir, { recursive: true, force: true });
    },
    stopServer,
  };
}

async function openPage(browser: Browser, url: string, path: string): Promise<OpenedPage> {
  const context = await browser.newContext({ acceptDownloads: true });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  context.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(url) && !/^(blob|data):/.test(address)) complaints.push(address);
  });
  await page.goto(url + path);
  return { page, complaints };
}
