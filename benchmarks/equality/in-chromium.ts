import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { fileSystem } from 'salad-ad/node';
import { inChromium, noChromium } from '../../test/conformance/chromium.js';
import { Missing } from '../speed/contestant.js';
import type { Given } from './in-page.js';
import type { KeptModel } from './kept-model.js';
import type { Scored } from './scored.js';

/** Minutes after which a page is closed, so that a run comes to its end: without a graphics card webgl and webgpu take long. */
const LONGEST_MINUTES = Number(process.env.EQUALITY_MINUTES ?? 10);

/** The model on a backend of tfjs in a page. */
export async function onPageBackend(kept: KeptModel, backend: string): Promise<Scored> {
  const { weightData = [], ...artifacts } = await fileSystem(join(kept.folder, 'model')).load();
  const weights = Buffer.concat([weightData].flat().map((buffer) => new Uint8Array(buffer)));
  return inPage(kept, { weights }, (page, given) =>
    page.evaluate((all) => globalThis.scoreOnBackend(all), { ...given, backend, artifacts }),
  );
}

/** The float32 file on onnxruntime-web in a page. */
export async function onOrtWeb(kept: KeptModel): Promise<Scored> {
  const runtime = await ortWebFile('ort.wasm.bundle.min.mjs');
  const wasm = await ortWebFile('ort-wasm-simd-threaded.wasm');
  const model = await readFile(join(kept.folder, 'float32.onnx'));
  return inPage(kept, { runtime, wasm, model }, (page, given) =>
    page.evaluate((all) => globalThis.scoreOnOrt(all), given),
  );
}

/** Work in a page that can ask for the films and for files by their names. */
async function inPage<T>(
  { films }: KeptModel,
  files: Readonly<Record<string, Uint8Array>>,
  work: (page: Page, given: Given) => Promise<T>,
): Promise<T> {
  if (noChromium) throw new Missing(`Chromium (${noChromium})`, 'apt-get install chromium');
  const all = { ...files, films: films.pixels };
  const { height, width } = films;
  const give = (name: keyof typeof all) => Buffer.from(all[name]).toString('base64');
  return inChromium(
    false,
    async (page) => {
      await page.exposeFunction('fileAsBase64', give);
      return withinLimit(work(page, { height, width }));
    },
    new URL('in-page.ts', import.meta.url),
  );
}

async function withinLimit<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    const missing = new Missing(
      `an answer within ${LONGEST_MINUTES} minutes`,
      'EQUALITY_MINUTES allows more; a graphics card takes less',
    );
    timer = setTimeout(() => fail(missing), 60_000 * LONGEST_MINUTES);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // A page that is closed early fails; nobody asks for its answer any more.
    work.catch(() => {});
  }
}

async function ortWebFile(name: string): Promise<Uint8Array> {
  try {
    return await readFile(new URL(name, import.meta.resolve('onnxruntime-web')));
  } catch {
    throw new Missing('onnxruntime-web', 'npm install --no-save onnxruntime-web');
  }
}
