import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { renderDicom } from '../../src/dicom/index.js';
import { inChromium, noChromium } from '../conformance/chromium.js';
import { fixture, largestDifference, readKept } from './fixtures.js';

/** The WebAssembly that a page serves, as docs/dicom.md has it. */
const CODECS = [
  '@cornerstonejs/codec-charls/decodewasm',
  '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm',
  '@cornerstonejs/codec-openjpeg/decodewasm',
  '@cornerstonejs/codec-openjph/wasm',
].map((name) => fileURLToPath(import.meta.resolve(name)));

describe.skipIf(noChromium)(`dicom in Chromium${noChromium ? `: ${noChromium}` : ''}`, () => {
  it('decodes as in Node', async () => {
    const names = [
      'explicit-big',
      'deflated',
      'rle',
      'jpeg-baseline',
      'jpeg-lossless-6',
      'jpeg-ls',
      'jpeg-2000',
      'htj2k',
    ];
    const served: string[] = [];
    const messages: string[] = [];
    const found = await inChromium(
      false,
      async (page) => {
        page.on('console', (message) => {
          // A page asks for its icon by itself.
          if (!message.location().url.endsWith('favicon.ico')) messages.push(message.text());
        });
        await page.route('**/codecs/*', (route) => {
          const file = CODECS.find((path) => basename(path) === basename(route.request().url()));
          served.push(basename(file ?? 'none'));
          return route.fulfill({ contentType: 'application/wasm', body: readFileSync(file ?? '') });
        });
        const results: (readonly number[])[] = [];
        for (const name of names)
          results.push(
            await page.evaluate(
              (bytes) => globalThis.decodeInPage(bytes),
              Array.from(fixture(name)),
            ),
          );
        return results;
      },
      new URL('in-page.ts', import.meta.url),
    );
    for (const [i, name] of names.entries()) {
      const { pixels } = renderDicom(await readKept(fixture(name)));
      expect(largestDifference(found[i], pixels), name).toBe(0);
    }
    expect(served.sort()).toEqual(CODECS.map((path) => basename(path)).sort());
    expect(messages).toEqual([]);
  }, 300_000);

  it('says how a codec is found where its WebAssembly is not served', async () => {
    const work = inChromium(
      false,
      (page) => page.evaluate((bytes) => globalThis.decodeInPage(bytes), [...fixture('jpeg-ls')]),
      new URL('in-page.ts', import.meta.url),
    );
    await expect(work).rejects.toThrow(/charlswasm_decode\.wasm.*wasmUrl.*MISSING_PEER/);
  }, 300_000);
});
