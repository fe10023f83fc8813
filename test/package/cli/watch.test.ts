import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventsOf, run } from './run.js';

const folder = mkdtempSync(join(tmpdir(), 'salad-ad-watch-'));
const cli = (...args: string[]) => run(['watch', ...args], { cwd: folder });

/** A table as `salad-ad score` writes it; scores run through 0 to 60 in a mixed order. */
function table(name: string, count: number, { from = 0, shift = 0 } = {}) {
  const rows = Array.from({ length: count }, (_, i) => {
    const row = from + i;
    return row % 20 === 19
      ? `secret-${row}.png,,IMAGE_TRUNCATED: it ends`
      : `secret-${row}.png,${((row * 37) % 61) + shift},`;
  });
  writeFileSync(join(folder, name), ['file,score,problem', ...rows].join('\n'));
}

describe('watch', () => {
  it('goes on from table to table, and finds the change', async () => {
    table('reference.csv', 100);
    table('monday.csv', 60, { from: 100 });
    const first = await cli('monday.csv', '--state', 'drift.json', '--reference', 'reference.csv');
    expect(first).toMatchObject({ code: 0 });
    expect(first.out).toContain('60 new films, 60 in all: no change found');
    const again = await cli('monday.csv', '--state', 'drift.json');
    expect(again.out).toContain('0 new films, 60 in all');
    table('tuesday.csv', 60, { from: 160, shift: 100 });
    const second = await cli('tuesday.csv', '--state', 'drift.json');
    expect(second.out).toMatch(/120 in all: score changed, noticed at film \d+/);
    expect(eventsOf(second.err)).toContainEqual(expect.objectContaining({ code: 'DRIFT_SCORE' }));
    expect(readFileSync(join(folder, 'drift.json'), 'utf8')).not.toContain('secret');
  });

  it('refuses another table of the same name, and options of a state that began', async () => {
    table('monday.csv', 60, { from: 300 });
    const other = await cli('monday.csv', '--state', 'drift.json');
    expect(other.code).toBe(4);
    expect(other.err).toContain('give the new table another name');
    const late = await cli('tuesday.csv', '--state', 'drift.json', '--window', '50');
    expect(late.code).toBe(2);
    writeFileSync(join(folder, 'broken.json'), '{');
    expect((await cli('tuesday.csv', '--state', 'broken.json')).code).toBe(4);
  });
});
