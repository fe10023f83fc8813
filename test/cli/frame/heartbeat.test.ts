import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { heartbeat } from '../../../src/cli/frame/heartbeat.js';

const folder = mkdtempSync(join(tmpdir(), 'salad-ad-heartbeat-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const lock = join(folder, 'lock');
const patience = { timeout: 10_000 };

describe('heartbeat', () => {
  it('renews a lock, and tells when it is gone', async () => {
    writeFileSync(lock, 'mine');
    utimesSync(lock, new Date(0), new Date(0));
    const troubles: Error[] = [];
    const heart = heartbeat(lock, 'mine', 20, (error) => troubles.push(error));
    await vi.waitFor(() => expect(statSync(lock).mtimeMs).toBeGreaterThan(0), patience);
    expect([readFileSync(lock, 'utf8'), heart.lost()]).toEqual(['mine', false]);
    rmSync(lock);
    await vi.waitFor(() => expect(heart.lost()).toBe(true), patience);
    await heart.end();
    expect(troubles).toEqual([]);
  });

  it('tells of a thread that ends or cannot begin, and ends no run by it', async () => {
    // No time between two renewals, and what cannot be told to a thread.
    for (const [path, every] of [
      [lock, 1n],
      [() => {}, 20],
    ]) {
      const onTrouble = vi.fn();
      const heart = heartbeat(path as string, 'mine', every as number, onTrouble);
      await vi.waitFor(() => expect(onTrouble).toHaveBeenCalledTimes(1), patience);
      expect(heart.lost()).toBe(false);
      await heart.end();
    }
  });
});
