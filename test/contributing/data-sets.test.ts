import { expect, it } from 'vitest';
import * as data from '../../src/data/index.js';
import * as node from '../../src/node/index.js';
import { expectIn, rowsOf, touchPoints } from './touch-points.js';

const at = touchPoints('A data set');
const sources = at('src/records/');
at('src/data/index.ts');
at('src/node/data-sets.ts');
at('src/node/index.ts');
const records = at('test/records/');
const folders = at('test/node/data-sets.test.ts');
const whole = at('test/node/real-data-sets.test.ts');
const page = at('docs/data-sets.md');

// csvRecords reads a list of any kind; what is not async works on records that are there already.
const sets = [...sources.matchAll(/^export async function (\w+)Records\(/gm)]
  .map(([, set]) => set)
  .filter((set) => set !== 'csv');

it('there are data sets to look at', () => expect(sets.length).toBeGreaterThan(3));

it.each(sets)('%s is everywhere that a data set is to be', (set) => {
  expect(data).toHaveProperty(`${set}Records`);
  expect(node, 'what finds its files in a folder').toHaveProperty(`${set}Folder`);
  expectIn(records, `${set}Records(`);
  expectIn(folders, `${set}Folder(`);
  expectIn(whole, `${set}Folder(`);
  const rows = rowsOf(page);
  for (const name of [`${set}Records`, `${set}Folder`])
    expect(
      rows.some((row) => row.split('|')[1].includes(`\`${name}`)),
      name,
    ).toBe(true);
  expectIn(page, new RegExp(`^## .*${set}`, 'im'), 'a section');
});
