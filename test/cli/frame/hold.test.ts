import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
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
const read = (path: string) => readFileSync(path, 'utf8');
const lockOf = (path: string) => JSON.parse(read(`${path}.lock`));
const busy = { exitCode: 6, message: expect.stringContaining('another run writes to') };

describe('hold', () => {
  it('lets one run in, and the next after it', async () => {
    const path = place();
    const first = await hold(path, { ...times, me: pod('a') });
    await expect(hold(path, { ...times, me: pod('b') })).rejects.toMatchObject(busy);
    await first.release();
    expect(existsSync(`${path}.lock`)).toBe(false);
    const second = await hold(path, { ...times, me: pod('b') });
    await second.check();
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
    await first.check();
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
    // Often, for it is a matter of luck whether one puts the lock of another back over that of a third.
    for (let round = 0; round < 12; round++) {
      const path = place();
      writeFileSync(`${path}.lock`, JSON.stringify({ ...pod('gone'), id: 'x' }));
      const ended = await Promise.allSettled(
        Array.from({ length: 8 }, (_, i) =>
          hold(path, { every: 100, silence: 300, me: pod(`pod-${i}`) }),
        ),
      );
      const won = ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(won).toHaveLength(1);
      for (const one of ended)
        if (one.status === 'rejected') expect(one.reason).toMatchObject(busy);
      await won[0].check();
      await won[0].release();
    }
  });

  it('tells a run whose place was taken, before its thread has noticed', async () => {
    const path = place();
    const held = await hold(path, { every: 3_600_000, me: pod('a') });
    await held.check();
    writeFileSync(`${path}.lock`, JSON.stringify({ ...pod('b'), id: 'another' }));
    await expect(held.check()).rejects.toThrow('has taken');
    await held.release();
    expect(lockOf(path).host).toBe('b');
  });

  it('names the machine by its start too, for others may have its name and number of name space', async () => {
    const path = place();
    const held = await hold(path, times);
    const boot = '/proc/sys/kernel/random/boot_id';
    // Of Linux; elsewhere nothing is told.
    expect(lockOf(path).space ?? '').toContain(existsSync(boot) ? read(boot).trim() : '');
    const { space, ...other } = lockOf(path);
    await held.release();
    // A process of that number has ended here; elsewhere it may live.
    writeFileSync(`${path}.lock`, JSON.stringify({ ...other, space: 'pid:[4026531836] other' }));
    const began = performance.now();
    await (await hold(path, times)).release();
    expect(performance.now() - began).toBeGreaterThan(times.silence - 100);
  });

  it('says what is kept where its waiting is interrupted', async () => {
    const path = place();
    const first = await hold(path, { ...times, me: pod('a') });
    const stop = new AbortController();
    const say = { note() {}, warning() {}, signal: stop.signal };
    const second = hold(path, { ...times, wait: true, me: pod('b'), say });
    setTimeout(() => stop.abort(), 100);
    await expect(second).rejects.toMatchObject({
      exitCode: 130,
      message: expect.stringMatching(/what is done is kept, give the same line again$/),
    });
    await first.release();
  });

  it('removes what killed processes left beside a lock, and nothing else', async () => {
    const path = place();
    const left = `${path}.lock.${randomUUID()}`;
    for (const file of [left, `${path}.lock.csv`]) writeFileSync(file, '');
    const first = await hold(path, times);
    // It may be at work yet.
    expect(existsSync(left)).toBe(true);
    await first.release();
    await sleep(500);
    await (await hold(path, { every: 100, silence: 200 })).release();
    expect(existsSync(left)).toBe(false);
    expect(existsSync(`${path}.lock.csv`)).toBe(true);
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
