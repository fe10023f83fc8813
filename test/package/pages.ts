import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumPath } from '../conformance/chromium.js';

/** A server of a folder's files, and what it was asked for. */
export interface Served {
  readonly url: string;
  readonly asked: readonly string[];
  close(): void;
}

/** Serves the files of a folder; `/` is its index.html. */
export async function serveFolder(folder: string): Promise<Served> {
  const asked: string[] = [];
  const types: Readonly<Record<string, string>> = {
    '.js': 'text/javascript',
    '.html': 'text/html',
  };
  const server = createServer(({ url = '/' }, response) => {
    asked.push(url);
    const path = join(folder, url === '/' ? 'index.html' : url);
    const type = types[extname(path)];
    if (type) response.setHeader('Content-Type', type);
    try {
      response.end(readFileSync(path));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, asked, close: () => void server.close() };
}

/** Opens a page in Chromium, waits for its function `globalThis[name]`, and returns what that comes to; `before`: once it is there. */
export async function callInPage<T>(
  url: string,
  name: string,
  before: () => void = () => {},
): Promise<T> {
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  try {
    const tab = await browser.newPage();
    const problems: string[] = [];
    tab.on('pageerror', ({ message }) => problems.push(message));
    await tab.goto(url);
    await tab
      .waitForFunction((wanted) => wanted in globalThis, name, { timeout: 120_000 })
      .catch((cause) => {
        throw new Error(`The page has no ${name}: ${problems.join('; ')}`, { cause });
      });
    before();
    return await tab.evaluate(
      (wanted) => (globalThis as unknown as Record<string, () => Promise<T>>)[wanted](),
      name,
    );
  } finally {
    await browser.close();
  }
}
