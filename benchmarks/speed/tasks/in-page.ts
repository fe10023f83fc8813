import { fileURLToPath } from 'node:url';
import { inChromium, noChromium } from '../../../test/conformance/chromium.js';
import { Missing } from '../contestant.js';
import type { Task, TaskSettings } from '../task.js';

/** Another task, in a page of Chromium; with `isolated`, in a worker of a page in which threads are allowed. */
export async function prepare(settings: TaskSettings): Promise<Task> {
  if (noChromium) throw new Missing(`Chromium (${noChromium})`, 'apt-get install chromium');
  const inPage = settings.inPage as TaskSettings;
  const isolated = settings.isolated === true;
  const bundle = new URL(isolated ? '../in-isolated-page.ts' : '../in-page.ts', import.meta.url);
  return new Promise((ready, fail) => {
    const closed: Promise<unknown> = inChromium(
      isolated,
      async (page) => {
        const versions = await page.evaluate((all) => globalThis.prepareTask(all), inPage);
        await new Promise<void>((close) => {
          ready({
            run: () => page.evaluate(() => globalThis.measureTask()),
            timed: true,
            end: () => {
              close();
              return closed;
            },
            facts: { versions },
          });
        });
      },
      bundle,
      partsOf(settings),
    );
    closed.catch(fail);
  });
}

/** The network and onnxruntime-web for the page; with `checkout`, the library as it is there. */
function partsOf({ folder, checkout }: TaskSettings) {
  const runtime = fileURLToPath(new URL('.', import.meta.resolve('onnxruntime-web')));
  const source = (path: string) => `${checkout}/src/${path}`;
  return {
    folders: { '/onnxruntime-web': runtime, ...(folder ? { '/network': String(folder) } : {}) },
    alias: checkout
      ? {
          'salad-ad/data': source('data/index.ts'),
          'salad-ad/wasm': source('wasm/index.ts'),
          'salad-ad': source('index.ts'),
          ...Object.fromEntries(
            ['core', 'layers', 'backend-wasm'].map((name) => [
              `@tensorflow/tfjs-${name}`,
              fileURLToPath(
                new URL(`../../../node_modules/@tensorflow/tfjs-${name}`, import.meta.url),
              ),
            ]),
          ),
          '#file-decoding': source('data/browser-file-decoding.ts'),
          '#encoder-weights': source('encoders/browser-encoder-weights.ts'),
        }
      : {},
  };
}
