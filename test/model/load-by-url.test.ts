import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { describe, expect, it } from 'vitest';
import { handlerOf } from '../../src/learning/artifacts.js';
import { chromiumPath, inPage, noChromium } from '../conformance/chromium.js';

const saved = new URL('../fixtures/model-v1/', import.meta.url);

/** The page's code as Vite builds it for production, where tfjs-core's router of URLs is shaken off. */
async function productionBundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias: inPage },
    build: {
      write: false,
      lib: {
        entry: fileURLToPath(new URL('load-in-page.ts', import.meta.url)),
        formats: ['iife'],
        name: 'page',
      },
    },
  });
  const [{ output }] = [result].flat() as { output: { code: string }[] }[];
  return output[0].code;
}

async function servePage(script: string) {
  const types: Record<string, string> = { '/app/': 'text/html', '/app/page.js': 'text/javascript' };
  const texts: Record<string, string> = {
    '/app/': '<!doctype html><script src="/app/page.js"></script>',
    '/app/page.js': script,
  };
  const server = createServer(async ({ url = '' }, response) => {
    if (url in texts) response.setHeader('Content-Type', types[url]).end(texts[url]);
    else {
      const name = /^\/app\/chest\/(.+)/.exec(url)?.[1];
      const file = name && (await readFile(new URL(name, saved)).catch(() => undefined));
      response.writeHead(file ? 200 : 404).end(file);
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

describe('SaladModel.load by URL', () => {
  it.skipIf(noChromium)('works in a production bundle, absolute and relative', async () => {
    const { root, server } = await servePage(await productionBundle());
    const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      await page.goto(`${root}/app/`);
      const description = JSON.parse(await readFile(new URL('model.json', saved), 'utf8'));
      const { threshold } = description.userDefinedMetadata.saladAd;
      for (const url of [
        `${root}/app/chest/model.json`,
        '/app/chest/model.json',
        'chest/model.json',
      ])
        expect(await page.evaluate((one) => globalThis.thresholdAt(one), url), url).toBe(
          threshold.value,
        );
      const missing = page.evaluate(() => globalThis.thresholdAt('chest/none.json'));
      await expect(missing).rejects.toThrow();
    } finally {
      await browser.close();
      server.close();
    }
  });

  it('tells of a path in Node, where fileSystem is the way', () => {
    expect(() => handlerOf('SaladModel.load', 'models/chest', 'load')).toThrow(
      /SaladModel.load: nothing here can load 'models\/chest'.*fileSystem\('folder'\).*INVALID_OPTION/,
    );
    expect(handlerOf('SaladModel.load', 'https://example.org/model.json', 'load').load).toBeTypeOf(
      'function',
    );
  });
});
