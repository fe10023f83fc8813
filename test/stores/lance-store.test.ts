import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lanceStore } from '../../src/stores/index.js';
import { codeOf } from '../support/code-of.js';
import { describeStore } from './conformance.js';
import { broughtPackage, installLance } from './package.js';

type Connection = Omit<Parameters<typeof lanceStore>[0], 'openTable'> & {
  dropAllTables(): Promise<void>;
  openTable(name: string): Promise<{
    createIndex(column: string, options: object): Promise<void>;
  }>;
};

const { module: lancedb, missing } = broughtPackage<{
  connect(uri: string): Promise<Connection>;
  Index: { ivfPq(options: object): unknown };
}>('@lancedb/lancedb', installLance);

describe.skipIf(missing)(`LanceDB${missing}`, () => {
  let folder = '';
  let connection: Connection;
  const options = { table: 'rows', dim: 16 };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'salad-ad-lance-'));
    if (lancedb) connection = await lancedb.connect(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const tried = {
    make: () => lanceStore(connection, options),
    again: async () => lanceStore((await lancedb?.connect(folder)) as Connection, options),
    clear: () => connection.dropAllTables(),
  };
  describeStore('LanceDB, every row', { ...tried, leastRecall: 1 });
  describeStore('LanceDB, IVF-PQ', {
    ...tried,
    index: async () => {
      const table = await connection.openTable('rows');
      const config = lancedb?.Index.ivfPq({
        distanceType: 'l2',
        numPartitions: 4,
        numSubVectors: 4,
      });
      await table.createIndex('vector', { config });
    },
    leastRecall: 0.5,
  });

  it('refuses a table of other rows', async () => {
    const store = await tried.make();
    const row = new Float32Array(16);
    row[0] = 1;
    await store.add({ ids: [0], rows: row });
    expect(await codeOf(lanceStore(connection, { table: 'rows', dim: 8 }))).toBe('SHAPE_MISMATCH');
    await store.close();
    await connection.dropAllTables();
  });
});

it('names the package where something else is given', async () => {
  await expect(lanceStore({} as never, { table: 'rows', dim: 16 })).rejects.toThrow(
    'npm install @lancedb/lancedb',
  );
});
