import { inChromium, noChromium } from '../../../test/conformance/chromium.js';
import { Missing } from '../contestant.js';
import type { Task, TaskSettings } from '../task.js';

/** Another task, in a page of Chromium. */
export async function prepare({ inPage }: TaskSettings): Promise<Task> {
  if (noChromium) throw new Missing(`Chromium (${noChromium})`, 'apt-get install chromium');
  const bundle = new URL('../in-page.ts', import.meta.url);
  return new Promise((ready, fail) => {
    const closed: Promise<unknown> = inChromium(
      false,
      async (page) => {
        await page.evaluate((settings) => globalThis.prepareTask(settings), inPage as TaskSettings);
        await new Promise<void>((close) => {
          ready({
            run: () => page.evaluate(() => globalThis.measureTask()),
            end: () => {
              close();
              return closed;
            },
          });
        });
      },
      bundle,
    );
    closed.catch(fail);
  });
}
