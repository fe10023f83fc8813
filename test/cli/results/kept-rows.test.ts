import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { KeptRows } from '../../../src/cli/results/kept-rows.js';
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
const names = (from: number, to: number) => rows(from, to).map(({ file }) => file);
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
  it('goes on behind the last whole chunk, whatever was cut off', async () => {
    const path = join(folder, 'cut');
    const kept = await KeptRows.open(path, 'key', names(0, 300));
    await kept.append(rows(0, 256));
    await kept.append(rows(256, 290));
    await kept.close();
    // As after a kill: rows of a chunk that is not whole, and half a line, in the middle of a letter of two bytes.
    appendFileSync(path, `${JSON.stringify(rowOf(290))}\n`);
    appendFileSync(path, Buffer.from('{"file":"films/\u00e4', 'utf8').subarray(0, -1));
    const again = await KeptRows.open(path, 'key', names(0, 300));
    expect([again.count, again.unread]).toEqual([290, 1]);
    expect(again.missing()).toEqual(names(290, 300));
    await again.append(rows(290, 300));
    expect(await all(again)).toEqual(rows(0, 300));
    await again.close();
    for (const [key, count] of [
      ['key', 300],
      ['another', 0],
    ] as const) {
      const opened = await KeptRows.open(path, key, names(0, 300));
      expect(opened.count).toBe(count);
      await opened.close();
    }
  });

  it('lacks the film alone whose line is damaged', async () => {
    const path = join(folder, 'damaged');
    const kept = await KeptRows.open(path, 'key', names(0, 300));
    await kept.append(rows(0, 300));
    await kept.close();
    const lines = readFileSync(path, 'utf8').split('\n');
    lines[2 + 200] = lines[2 + 200].replace('{', '');
    writeFileSync(path, lines.join('\n'));
    const again = await KeptRows.open(path, 'key', names(0, 300));
    expect(again.missing()).toEqual(['films/200.png']);
    await expect(all(again)).rejects.toThrow('lacks a row that was there');
    await again.append(rows(200, 201));
    expect(await all(again)).toEqual(rows(0, 300));
    await again.close();
  });

  it('never gives fewer rows than there were, where the file was changed meanwhile', async () => {
    const path = join(folder, 'shorter');
    const kept = await KeptRows.open(path, 'key', names(0, 100));
    await kept.append(rows(0, 100));
    writeFileSync(path, readFileSync(path).subarray(0, 2000));
    await expect(all(kept)).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringMatching(/lacks a row that was there: .* give the same line again$/),
    });
    await kept.close();
  });

  it('finds its rows where something else was written between them', async () => {
    const path = join(folder, 'between');
    const kept = await KeptRows.open(path, 'key', names(0, 30));
    await kept.append(rows(0, 10));
    appendFileSync(path, '{"running":false}\n');
    await kept.append(rows(10, 20));
    // As a full disk leaves it.
    appendFileSync(path, '{"file":"films/');
    await kept.append(rows(20, 30));
    expect(await all(kept)).toEqual(rows(0, 30));
    await kept.close();
    const again = await KeptRows.open(path, 'key', names(0, 30));
    expect(await all(again)).toEqual(rows(0, 30));
    await again.close();
  });

  it('takes no trouble with a file for its absence', async () => {
    await expect(KeptRows.find(folder, 'key', [])).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('gives the rows in the order of the films, whatever came when, and the last one of each', async () => {
    const path = join(folder, 'order');
    const kept = await KeptRows.open(path, 'key', names(0, 64));
    await kept.append([...rows(32, 64), ...rows(0, 32)]);
    const another = { file: 'films/5.png', score: 99 };
    await kept.append([another]);
    await kept.close();
    const again = await KeptRows.open(path, 'key', names(0, 64));
    const expected = rows(0, 64).map((row, i) => (i === 5 ? another : row));
    expect(await all(again)).toEqual(expected);
    await again.close();
    // Films that came or went since take no row away from the others.
    const others = await KeptRows.open(path, 'key', [...names(60, 70), ...names(0, 3)]);
    expect(others.missing()).toEqual(names(64, 70));
    await others.close();
  });

  it('forgets films that could not be read, and files that changed, came or went, and no others', async () => {
    const files = Array.from({ length: 130 }, (_, i) => join(folder, `film-${i}`));
    for (const file of files.slice(1)) writeFileSync(file, 'film');
    const rowFor = (file: string, i: number) => {
      const facts = i === 0 ? undefined : statSync(file);
      return {
        file,
        was: facts ? ([facts.size, facts.mtimeMs] as const) : null,
        ...(i === 0 ? { problem: 'IMAGE_UNREADABLE: gone' } : { score: i }),
      };
    };
    const path = join(folder, 'changed');
    const kept = await KeptRows.open(path, 'key', files);
    await kept.append(files.map(rowFor));
    await kept.forgetChanged();
    expect(kept.missing()).toEqual([]);
    expect(kept.unread).toBe(1);
    kept.forgetUnread();
    expect(kept.missing()).toEqual([files[0]]);
    await kept.close();

    writeFileSync(files[0], 'it came');
    writeFileSync(files[7], 'film of another size');
    utimesSync(files[99], new Date(0), new Date(0));
    rmSync(files[129]);
    const again = await KeptRows.open(path, 'key', files);
    await again.forgetChanged();
    expect(again.missing()).toEqual([files[0], files[7], files[99], files[129]]);
    await again.append([{ file: files[7], score: 8 }]);
    expect([again.count, again.unread]).toEqual([127, 0]);
    await again.close();
  });

  it('finds a part that is there, and of no other run', async () => {
    const path = join(folder, 'part');
    const kept = await KeptRows.open(`${path}.partial`, 'key', names(0, 130));
    await kept.append(rows(0, 130), { running: false, sent: true });
    await kept.rename(path);
    expect(await all(kept)).toEqual(rows(0, 130));
    await kept.close();
    const part = await KeptRows.find(path, 'key', names(0, 130));
    expect(part).toMatchObject({ count: 130, last: { running: false, sent: true } });
    expect(await all(part)).toEqual(rows(0, 130));
    // As often as it is asked for.
    expect(await all(part)).toHaveLength(130);
    await part?.close();
    expect(await KeptRows.find(path, 'another', names(0, 130))).toBeUndefined();
    expect(await KeptRows.find(join(folder, 'none'), 'key', [])).toBeUndefined();
  });

  it('holds no more memory for a hundred thousand rows than for some, to the table', async () => {
    const total = 100_096;
    const path = join(folder, 'many');
    const kept = await KeptRows.open(path, 'key', names(0, total));
    const chunk = 256;
    await kept.append(rows(0, chunk));
    const before = held();
    for (let from = chunk; from < total; from += chunk) await kept.append(rows(from, from + chunk));
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
    await kept.close();
  }, 60_000);
});
