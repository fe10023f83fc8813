import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { KeptRows, rowsOfPart } from '../../../src/cli/results/kept-rows.js';
import type { Row } from '../../../src/cli/results/row.js';
import { writeTable } from '../../../src/cli/results/table.js';

const folder = mkdtempSync(join(tmpdir(), 'salad-ad-rows-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const rowOf = (i: number): Row =>
  i % 1000 === 7
    ? { file: `films/${i}.png`, problem: 'IMAGE_TRUNCATED: the file ends' }
    : { file: `films/${i}.png`, score: i / 7, abnormal: i % 3 === 0, pValue: 1 / (i + 1) };
const rows = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => rowOf(from + i));
const all = async (set: { read(): AsyncIterable<Row> } | undefined) => {
  const found: Row[] = [];
  for await (const row of set?.read() ?? []) found.push(row);
  return found;
};

/** Bytes that are held, after what is not was thrown away. */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
function held(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('KeptRows', () => {
  it('goes on behind the last whole batch, whatever was cut off', async () => {
    const path = join(folder, 'cut');
    const kept = await KeptRows.open(path, 'key', 300);
    await kept.append(rows(0, 256));
    await kept.append(rows(256, 290));
    await kept.close();
    // As after a kill: half a line, in the middle of a letter of two bytes.
    appendFileSync(path, Buffer.from('{"file":"films/\u00e4', 'utf8').subarray(0, -1));
    const again = await KeptRows.open(path, 'key', 300);
    expect([again.count, again.unread]).toEqual([256, 1]);
    await again.append(rows(256, 300));
    expect(await all(again)).toEqual(rows(0, 300));
    await again.close();
    for (const [key, count] of [
      ['key', 300],
      ['another', 0],
    ] as const) {
      const opened = await KeptRows.open(path, key, 300);
      expect(opened.count).toBe(count);
      await opened.close();
    }
  });

  it('goes on before the first line that is damaged', async () => {
    const path = join(folder, 'damaged');
    const kept = await KeptRows.open(path, 'key', 300);
    await kept.append(rows(0, 300));
    await kept.close();
    const lines = readFileSync(path, 'utf8').split('\n');
    lines[1 + 200] = lines[1 + 200].replace('{', '');
    writeFileSync(path, lines.join('\n'));
    expect(await rowsOfPart(path, 'key', 300)).toBeUndefined();
    const again = await KeptRows.open(path, 'key', 300);
    expect(again.count).toBe(192);
    expect(await all(again)).toEqual(rows(0, 192));
    await again.close();
  });

  it('gives the rows of a part that is whole, and of no other', async () => {
    const path = join(folder, 'part');
    const kept = await KeptRows.open(`${path}.partial`, 'key', 130);
    await kept.append(rows(0, 130));
    await kept.close();
    await kept.rename(path);
    expect(await all(kept)).toEqual(rows(0, 130));
    const part = await rowsOfPart(path, 'key', 130);
    expect(await all(part)).toEqual(rows(0, 130));
    // As often as it is asked for.
    expect(await all(part)).toHaveLength(130);
    expect(await rowsOfPart(path, 'another', 130)).toBeUndefined();
    expect(await rowsOfPart(path, 'key', 131)).toBeUndefined();
    expect(await rowsOfPart(join(folder, 'none'), 'key', 0)).toBeUndefined();
  });

  it('holds no more memory for a hundred thousand rows than for some, to the table', async () => {
    const total = 100_096;
    const path = join(folder, 'many');
    const kept = await KeptRows.open(path, 'key', total);
    const chunk = 256;
    await kept.append(rows(0, chunk));
    const before = held();
    for (let from = chunk; from < total; from += chunk) await kept.append(rows(from, from + chunk));
    await kept.close();
    // The rows themselves take some 30 MB.
    expect(held() - before).toBeLessThan(3e6);
    let [count, most] = [0, 0];
    async function* watched() {
      for await (const row of kept.read()) {
        if (++count % 20_000 === 0) most = Math.max(most, held() - before);
        yield row;
      }
    }
    await writeTable(join(folder, 'many.csv'), 'csv', watched());
    expect(count).toBe(total);
    expect(most).toBeLessThan(6e6);
    const lines = readFileSync(join(folder, 'many.csv'), 'utf8').split('\n');
    expect(lines).toHaveLength(total + 2);
    expect(lines[1 + 54_321]).toMatch(`films/54321.png,${54_321 / 7},true,`);
    expect([kept.count, kept.unread]).toEqual([total, 101]);
  }, 60_000);
});
