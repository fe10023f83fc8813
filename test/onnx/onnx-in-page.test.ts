import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { arraySource } from '../../src/index.js';
import { toOnnx } from '../../src/onnx/index.js';
import { RandomStream } from '../../src/support/random.js';
import { enableWasmTraining } from '../../src/wasm/index.js';
import { inChromium, noChromium } from '../conformance/chromium.js';
import { mixed, normals, tinyModel } from '../model/tiny.js';
import { useBackend } from '../support/backends.js';
import { expectClose } from './session.js';

test.skipIf(noChromium)(
  'OnnxScorer gives the results of the model on onnxruntime-web in a page',
  { timeout: 120_000 },
  async () => {
    await useBackend('wasm');
    enableWasmTraining();
    const model = tinyModel({ score: 'both', cells: { grid: [2, 2] } });
    await model.fit(mixed(30, 4), { validation: normals(24, 3, 'validation') });
    const random = new RandomStream(1, ['films']);
    const pixels = Array.from({ length: 6 * 8 * 8 }, () => random.integer(256));
    const source = arraySource({ pixels: Uint8Array.from(pixels), shape: [8, 8, 1] });
    const expected = await model.score(source);
    const farthest = await model.nearestCells(source, { count: 1 });
    const runtime = new URL(import.meta.resolve('onnxruntime-web'));
    const files: Record<string, Uint8Array> = {
      runtime: await readFile(new URL('ort.wasm.bundle.min.mjs', runtime)),
      wasm: await readFile(new URL('ort-wasm-simd-threaded.wasm', runtime)),
      model: (await toOnnx(model)).bytes,
    };
    model.dispose();
    const found = await inChromium(
      false,
      async (page) => {
        await page.exposeFunction('onnxFile', (name: string) =>
          Buffer.from(files[name]).toString('base64'),
        );
        return page.evaluate((given) => globalThis.scoresOnOnnxWeb(given, [8, 8, 1]), pixels);
      },
      new URL('in-page.ts', import.meta.url),
    );
    // In deviations of a network that learnt for a moment.
    expectClose(found.scores, expected.scores, 5e-4);
    expect(found.abnormal).toEqual(expected.abnormal);
    expect(found.rows).toEqual(expected.nearestRows.map((rows) => Array.from(rows)));
    expectClose(
      found.cells,
      farthest.map(([{ distance }]) => distance),
    );
  },
);
