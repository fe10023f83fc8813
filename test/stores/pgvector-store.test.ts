import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pgvectorStore } from '../../src/stores/index.js';
import { codeOf } from '../support/code-of.js';
import { describeStore } from './conformance.js';
import { noServer, startServer } from './postgres-server.js';

type Client = Parameters<typeof pgvectorStore>[0];

/** What is tried of any client. */
function describeClient(name: string, clientOf: () => Client): void {
  const options = { table: 'rows', dim: 16 };
  const tried = {
    make: () => pgvectorStore(clientOf(), options),
    again: () => pgvectorStore(clientOf(), options),
    clear: async () => void (await clientOf().query('DROP TABLE rows')),
  };
  describeStore(`${name}, every row`, { ...tried, leastRecall: 1 });
  describeStore(`${name}, hnsw`, {
    ...tried,
    index: async () => {
      await clientOf().query('CREATE INDEX ON rows USING hnsw (embedding vector_l2_ops)');
    },
    leastRecall: 0.9,
  });

  describe(name, () => {
    it('refuses a table of other rows, and a name that is none', async () => {
      const store = await tried.make();
      expect(await codeOf(pgvectorStore(clientOf(), { table: 'rows', dim: 8 }))).toBe(
        'SHAPE_MISMATCH',
      );
      const table = 'rows; DROP TABLE rows';
      expect(await codeOf(pgvectorStore(clientOf(), { table, dim: 16 }))).toBe('INVALID_OPTION');
      await store.close();
      await tried.clear();
    });
  });
}

describe('PGlite', () => {
  let client: PGlite;
  beforeAll(async () => {
    client = await PGlite.create({ extensions: { vector } });
    await client.query('SET enable_seqscan = off');
  });
  afterAll(() => client.close());
  describeClient('PGlite', () => client as unknown as Client);
});

describe.skipIf(noServer)(`a PostgreSQL server${noServer}`, () => {
  let pool: pg.Pool;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    const server = await startServer();
    stop = server.stop;
    // Of so few rows a server would rather compare all than ask an index.
    pool = new pg.Pool({ ...server.connection, options: '-c enable_seqscan=off' });
    // The server may end a connection before the pool has.
    pool.on('error', () => {});
  });
  afterAll(async () => {
    await pool?.end();
    await stop?.();
  });
  describeClient('a server', () => pool as unknown as Client);
});

it('names the package where something else is given', async () => {
  await expect(pgvectorStore({} as never, { table: 'rows', dim: 16 })).rejects.toThrow(
    'npm install pg',
  );
});
