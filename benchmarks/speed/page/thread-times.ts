import { readdir, readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';

/** Seconds of a page's processor time, by what its threads do; from /proc, so on Linux alone. */
export interface ThreadTimes {
  /** Threads that were started by the page. */
  readonly workers: number;
  /** Compilers, memory, decoding, painting. */
  readonly browsers: number;
  /** The thread of the page. */
  readonly page: number;
}

export async function threadTimes(browser: Browser): Promise<ThreadTimes> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  const [{ id }] = renderers.sort((a, b) => b.cpuTime - a.cpuTime);
  const times = { workers: 0, browsers: 0, page: 0 };
  for (const thread of await readdir(`/proc/${id}/task`)) {
    const [, name, rest] =
      /\((.*)\) (.*)/s.exec(await readFile(`/proc/${id}/task/${thread}/stat`, 'utf8')) ?? [];
    const fields = rest.split(' ').map(Number);
    const kind =
      thread === String(id) ? 'page' : name.startsWith('DedicatedWorker') ? 'workers' : 'browsers';
    // User and system time, in hundredths of a second.
    times[kind] += (fields[11] + fields[12]) / 100;
  }
  return times;
}
