import { afterEach, describe, expect, it, vi } from 'vitest';
import { type DicomWebOptions, dicomResult, dicomWebSource } from '../../../src/dicom/index.js';
import { archive, type Fault, film, listed, uids } from './archive.js';

const [first] = uids(1);
const films = new Map([[first, film(first)]]);
/** The study that the film names itself. */
const item = (uid: string) => ({
  ...listed(uid),
  '0020000D': { vr: 'UI', Value: ['1.2.826.0.1.3680043.8.498.6'] },
});
let close = async (): Promise<unknown> => undefined;
afterEach(() => close());

/** Busy for an hour, or without an answer at all, once `ill` is set. */
async function serving(how: 'busy' | 'silent') {
  const state = { ill: false };
  const fault: Fault = (_, response) => {
    if (!state.ill) return false;
    if (how === 'busy') response.writeHead(503, { 'retry-after': '3600' }).end();
    return true;
  };
  const served = await archive(films, fault, item);
  close = served.close;
  return { ...served, state };
}

describe.each(['busy', 'silent'] as const)('the signal ends at once, at a %s server,', (how) => {
  const options = (signal: AbortSignal): DicomWebOptions => ({
    signal,
    timeout: 3600,
    longestWait: 3600,
    onUnreadable: 'skip',
  });
  const reason = new Error('the user has enough');
  /** Aborts once the server was asked, and tells how the work ended. */
  async function endOf(
    work: () => Promise<unknown>,
    asked: readonly unknown[],
    stop: AbortController,
  ): Promise<unknown> {
    const before = asked.length;
    const ended = work().then(
      () => 'done',
      (error) => error,
    );
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(before));
    // Until the answer is there, and the wait for the next try has begun.
    await new Promise((go) => setTimeout(go, 100));
    stop.abort(reason);
    return ended;
  }

  it('a list', async () => {
    const { url, asked, state } = await serving(how);
    state.ill = true;
    const stop = new AbortController();
    expect(await endOf(() => dicomWebSource(url, options(stop.signal)), asked, stop)).toBe(reason);
    expect(asked).toHaveLength(1);
  });

  it('a film, which is no problem of the film', async () => {
    const { url, asked, state } = await serving(how);
    const stop = new AbortController();
    const source = await dicomWebSource(url, options(stop.signal));
    state.ill = true;
    expect(await endOf(() => source.read([0]), asked, stop)).toBe(reason);
    // What is asked for afterwards is not asked of the server.
    const before = asked.length;
    await expect(source.open(source.records[0])).rejects.toBe(reason);
    expect(asked).toHaveLength(before);
  });

  it('a result', async () => {
    const { url, asked, state } = await serving(how);
    const stop = new AbortController();
    const { records, open, store } = await dicomWebSource(url, options(stop.signal));
    const statement = { score: 1, model: 'm' };
    const report = await dicomResult.structuredReport(await open(records[0]), statement);
    state.ill = true;
    expect(await endOf(() => store(records[0], report), asked, stop)).toBe(reason);
  });
});

it('a signal that is none is refused', async () => {
  const signal = 'stop' as unknown as AbortSignal;
  await expect(dicomWebSource('http://127.0.0.1:9', { signal })).rejects.toThrow('INVALID_OPTION');
});
