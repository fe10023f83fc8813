import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { hold } from '../../../src/cli/frame/hold.js';

const folder = mkdtempSync(join(tmpdir(), 'salad-ad-hold-'));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const place = () => join(folder, String(++count));

/** Short, so that a test need not wait for a minute. */
const times = { every: 100, silence: 2000 };
/** As containers see themselves: each has a name and processes of its own, which often have the same numbers. */
const pod = (host: string, pid = 1) => ({ pid, host, space: `pid:[${host}]` });
const lockOf = (path: string) => JSON.parse(readFileSync(`${path}.lock`, 'utf8'));
const busy = { exitCode: 6, message: expect.stringContaining('another run writes to') };

describe('hold', () => {
  it('lets one run in, and the next after it', async () => {
    const path = place();
    const first = await hold(path, { ...times, me: pod('a') });
    await expect(hold(path, { ...times, me: pod('b') })).rejects.toMatchObject(busy);
    await first.release();
    expect(existsSync(`${path}.lock`)).toBe(false);
    const second = await hold(path, { ...times, me: pod('b') });
    second.check();
    await second.release();
    expect(readdirSync(folder).filter((name) => name.startsWith(`${count}.`))).toEqual([]);
  });

  it('waits for its turn where it is told to', async () => {
    const path = place();
    const order: string[] = [];
    const first = await hold(path, { ...times, me: pod('a') });
    const second = hold(path, { ...times, wait: true, me: pod('b') }).then((held) => {
      order.push('second');
      return held.release();
    });
    await sleep(300);
    order.push('first');
    await first.release();
    await second;
    expect(order).toEqual(['first', 'second']);
  });

  it('keeps a lock of another host with an equal process number as long as it is renewed', async () => {
    const path = place();
    const first = await hold(path, { ...times, me: pod('a', 7) });
    await sleep(2 * times.silence);
    await expect(hold(path, { ...times, me: pod('b', 7) })).rejects.toMatchObject(busy);
    first.check();
    await first.release();
  });

  it('takes at once what this very process number left on the same host, as a container does that is started again', async () => {
    const path = place();
    writeFileSync(`${path}.lock`, JSON.stringify({ ...pod('a', 1), id: 'before' }));
    const held = await hold(path, { silence: 3_600_000, me: pod('a', 1) });
    expect(lockOf(path)).toMatchObject({ pid: 1, host: 'a' });
    await held.release();
  });

  it('takes what no one renews, of another host or half written, and no sooner', async () => {
    for (const text of [JSON.stringify({ ...pod('gone'), id: 'x' }), '', '{"pid"']) {
      const path = place();
      writeFileSync(`${path}.lock`, text);
      const began = performance.now();
      const held = await hold(path, { ...times, me: pod('b') });
      expect(performance.now() - began).toBeGreaterThan(times.silence - 100);
      await held.release();
    }
  });

  it('gives a stale lock to one of many that would take it', async () => {
    const path = place();
    writeFileSync(`${path}.lock`, JSON.stringify({ ...pod('gone'), id: 'x' }));
    const ended = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => hold(path, { ...times, me: pod(`pod-${i}`) })),
    );
    const won = ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(won).toHaveLength(1);
    for (const one of ended) if (one.status === 'rejected') expect(one.reason).toMatchObject(busy);
    won[0].check();
    await won[0].release();
  });

  it('tells a run whose place was taken', async () => {
    const path = place();
    const held = await hold(path, { ...times, me: pod('a') });
    writeFileSync(`${path}.lock`, JSON.stringify({ ...pod('b'), id: 'another' }));
    await vi.waitFor(() => expect(held.check).toThrow('has taken'), { timeout: 10_000 });
    await held.release();
    expect(lockOf(path).host).toBe('b');
  });

  it('takes what a process held that was killed, and not while it lives', async () => {
    const path = place();
    // Another process of this machine, named as it names itself.
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'pipe' });
    children.push(child);
    await once(child, 'spawn');
    const me = { pid: process.pid, host: hostname() };
    writeFileSync(`${path}.lock`, JSON.stringify({ pid: child.pid, host: me.host }));
    const renewing = setInterval(
      () => writeFileSync(`${path}.lock`, JSON.stringify({ pid: child.pid, host: me.host })),
      50,
    );
    await expect(hold(path, { ...times, me })).rejects.toMatchObject(busy);
    clearInterval(renewing);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const held = await hold(path, { silence: 3_600_000, me });
    await held.release();
  });
});
