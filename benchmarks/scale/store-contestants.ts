import { statSync } from 'node:fs';
import { type BankStore, lanceStore, pgvectorStore, usearchStore } from 'salad-ad/stores';
import { broughtPackage, installLance } from '../../test/stores/package.js';
import { noServer, startServer } from '../../test/stores/postgres-server.js';
import { DIM } from './store-figures.js';

/** A store that is measured. */
export interface Contestant {
  readonly title: string;
  readonly make: () => Promise<BankStore>;
  /** Builds its index, once it is filled. */
  readonly index?: () => Promise<void>;
  /** Bytes on disk, where they are not in its folder. */
  readonly disk?: () => Promise<number>;
  readonly stop?: () => Promise<void>;
  /** Queries that its search is asked, where all would take too long. */
  readonly asked?: number;
}

type Start = (folder: string, size: number) => Promise<Contestant | { missing: string }>;

type LanceConnection = Omit<Parameters<typeof lanceStore>[0], 'openTable'> & {
  openTable(name: string): Promise<{ createIndex(column: string, options: object): Promise<void> }>;
};

const lance =
  (indexed: boolean): Start =>
  async (folder, size) => {
    const { module: lancedb, missing } = broughtPackage<{
      connect(uri: string): Promise<LanceConnection>;
      Index: { ivfPq(options: object): unknown };
    }>('@lancedb/lancedb', installLance);
    if (!lancedb) return { missing: `LanceDB${missing}` };
    const connection = await lancedb.connect(folder);
    const partitions = Math.max(1, Math.round(Math.sqrt(size)));
    return {
      title: indexed
        ? `LanceDB, IVF-PQ, ${partitions} partitions, 1 in 20 searched`
        : 'LanceDB, no index',
      make: () =>
        lanceStore(connection, {
          table: 'rows',
          dim: DIM,
          ...(indexed && { nprobes: Math.max(1, Math.round(partitions / 20)) }),
        }),
      ...(!indexed && { asked: 32 }),
      ...(indexed && {
        index: async () => {
          const table = await connection.openTable('rows');
          const config = lancedb.Index.ivfPq({
            distanceType: 'l2',
            numPartitions: partitions,
            numSubVectors: 50,
            sampleRate: 64,
            maxIterations: 10,
          });
          await table.createIndex('vector', { config });
        },
      }),
    };
  };

const usearch =
  (kind: 'f32' | 'i8'): Start =>
  async (folder) => {
    const { Index, MetricKind } = await import('usearch');
    const index = new Index(DIM, MetricKind.L2sq, kind as never);
    return {
      title: kind === 'f32' ? 'usearch, f32' : 'usearch, i8, twice as many candidates',
      make: async () => usearchStore(index, { dim: DIM, ...(kind === 'i8' && { candidates: 2 }) }),
      async disk() {
        const path = `${folder}.index`;
        index.save(path);
        return statSync(path).size;
      },
    };
  };

const pgvector: Start = async (_, size) => {
  if (noServer) return { missing: `pgvector on a server${noServer}` };
  const { default: pg } = await import('pg');
  const server = await startServer();
  // A graph of a million rows takes a quarter of an hour to build.
  const lists = size > 1e5 ? Math.round(Math.sqrt(size)) : 0;
  const probes = Math.max(1, Math.round(lists / 20));
  const options = `-c hnsw.ef_search=100 -c ivfflat.probes=${probes} -c maintenance_work_mem=2GB`;
  const pool = new pg.Pool({ ...server.connection, options });
  pool.on('error', () => {});
  const table = `salad_ad_rows_${size}`;
  return {
    title: `pgvector, ${lists ? `ivfflat, ${lists} lists, 1 in 20 searched` : 'hnsw, ef_search 100'} (memory of the client alone)`,
    async make() {
      await pool.query('CREATE EXTENSION IF NOT EXISTS vector');
      await pool.query(`DROP TABLE IF EXISTS ${table}`);
      return pgvectorStore(pool as never, { table, dim: DIM });
    },
    async index() {
      const kind = lists ? 'ivfflat' : 'hnsw';
      const setting = lists ? `WITH (lists = ${lists})` : '';
      await pool.query(
        `CREATE INDEX ON ${table} USING ${kind} (embedding vector_l2_ops) ${setting}`,
      );
    },
    async disk() {
      const { rows } = await pool.query('SELECT pg_total_relation_size($1)::float8 AS bytes', [
        table,
      ]);
      await pool.query(`DROP TABLE ${table}`);
      return rows[0].bytes;
    },
    async stop() {
      await pool.end();
      await server.stop();
    },
  };
};

export const contestants: Readonly<Record<string, Start>> = {
  lance: lance(false),
  'lance-ivf': lance(true),
  usearch: usearch('f32'),
  'usearch-i8': usearch('i8'),
  pgvector,
};
