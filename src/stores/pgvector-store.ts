import { check, checkKnownOptions, checkObject, checkText } from '../support/check.js';
import type { BankStore, StoredRows } from './bank-store.js';
import { alreadyThere, checkAdded, checkDim } from './check-store.js';

/** Rows of a block, and of one statement. */
const BLOCK = 2048;

/** The code of PostgreSQL for a key that is there already. */
const UNIQUE_VIOLATION = '23505';

/**
 * A store in a table of PostgreSQL with the extension pgvector: a server that many programs may share.
 *
 * Without an index a search compares every row. `CREATE INDEX ON chest_bank USING hnsw (embedding vector_l2_ops)` makes one; set
 * `hnsw.ef_search` to K at least, or `hnsw.iterative_scan`, for the role or database, since by default pgvector gives 40 rows and no more.
 * The table has the columns `id` and `embedding`. Embeddings of films are data of patients: they belong on a server that may hold such.
 *
 * @param client a `Client` or `Pool` of the package `pg`, or a PGlite with its extension vector; yours to end.
 * @returns a store; `close()` does nothing.
 * @throws INVALID_OPTION | UNKNOWN_OPTION | SHAPE_MISMATCH where the table has rows of another size, and what the client throws; members of the store
 * INDEX_OUT_OF_RANGE | INVALID_EMBEDDING | STORE_INVALID
 * @example
 * import pg from 'pg';
 *
 * const store = await pgvectorStore(new pg.Pool(), { table: 'chest_bank', dim: 200 });
 * await model.useStore(store);
 */
export async function pgvectorStore(
  client: {
    /** As `pg` and PGlite have it. */
    readonly query: (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>;
  },
  options: {
    /** Its name, or schema.name: letters, digits and _; it is made where there is none. */
    readonly table: string;
    /** Numbers in a row: the embedding size of the model; at most 16,000, and 2,000 for an index. */
    readonly dim: number;
  },
): Promise<BankStore> {
  const where = 'pgvectorStore';
  checkKnownOptions(where, options, { table: true, dim: true });
  const { table: name, dim } = options;
  checkObject(where, 'client', client, 'a Pool of pg, or a PGlite; run `npm install pg`', [
    'query',
  ]);
  checkText(where, 'table', name, 'the name of a table');
  check(
    /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/.test(name),
    'INVALID_OPTION',
    () => `${where}: table is '${name}'; expected a name of letters, digits and _.`,
  );
  checkDim(where, dim);
  const table = name
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');
  const ask = async <Row>(text: string, values?: unknown[]) =>
    (await client.query(text, values)).rows as Row[];

  await makeTable(where, ask, table, dim);
  return {
    dim,
    async size() {
      const [{ count }] = await ask<{ count: number }>(
        `SELECT count(*)::int AS count FROM ${table}`,
      );
      return count;
    },
    async add({ ids, rows }: StoredRows) {
      const call = 'BankStore.add (pgvectorStore)';
      checkAdded(call, { ids, rows }, dim);
      // One statement is all or nothing.
      const texts = Array.from(ids, (_, i) => textOf(rows.subarray(i * dim, (i + 1) * dim)));
      await client
        .query(
          `INSERT INTO ${table} (id, embedding) SELECT id, value::vector FROM unnest($1::int[], $2::text[]) AS added(id, value)`,
          [Array.from(ids), texts],
        )
        .catch((cause: unknown) => {
          const { code, detail = '' } = (cause ?? {}) as { code?: string; detail?: string };
          if (code !== UNIQUE_VIOLATION) throw cause;
          throw alreadyThere(call, Number(/\((\d+)\)/.exec(detail)?.[1] ?? ids[0]), cause);
        });
    },
    async nearest(queries: Float32Array, k: number) {
      const count = queries.length / dim;
      const texts = Array.from({ length: count }, (_, i) =>
        textOf(queries.subarray(i * dim, (i + 1) * dim)),
      );
      const found = await ask<{ query: number; id: number; distance: number }>(
        `SELECT asked.number::int AS query, near.id, near.distance
         FROM (SELECT value::vector AS value, number FROM unnest($1::text[]) WITH ORDINALITY AS given(value, number)) AS asked
         CROSS JOIN LATERAL (
           SELECT id, embedding <-> asked.value AS distance FROM ${table} ORDER BY embedding <-> asked.value LIMIT ${Math.trunc(k)}
         ) AS near
         ORDER BY asked.number, near.distance, near.id`,
        [texts],
      );
      const answers = texts.map(() => ({ ids: [] as number[], distances: [] as number[] }));
      for (const { query, id, distance } of found) {
        answers[query - 1].ids.push(id);
        answers[query - 1].distances.push(Number(distance));
      }
      return answers;
    },
    async *blocks() {
      for (let after = -1; ; ) {
        // As bytes, since numbers as text would take longest of all.
        const [{ ids, bytes }] = await ask<{ ids: number[] | null; bytes: Uint8Array }>(
          `SELECT array_agg(id ORDER BY id) AS ids, string_agg(vector_send(embedding), ''::bytea ORDER BY id) AS bytes
           FROM (SELECT id, embedding FROM ${table} WHERE id > $1 ORDER BY id LIMIT ${BLOCK}) AS next`,
          [after],
        );
        if (!ids) return;
        yield { ids, rows: floatsOf(bytes, ids.length, dim) };
        after = ids[ids.length - 1];
      }
    },
    close: async () => {},
  };
}

/** @throws SHAPE_MISMATCH where there is a table of other rows | whatever the client throws, as where the extension is not installed */
async function makeTable(
  where: string,
  ask: <Row>(text: string, values?: unknown[]) => Promise<Row[]>,
  table: string,
  dim: number,
): Promise<void> {
  const [{ there }] = await ask<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    table,
  ]);
  // Who only reads may not ask for what is there already.
  if (!there) {
    await ask('CREATE EXTENSION IF NOT EXISTS vector');
    await ask(
      `CREATE TABLE IF NOT EXISTS ${table} (id int PRIMARY KEY, embedding vector(${dim}) NOT NULL)`,
    );
  }
  const [column] = await ask<{ type: string }>(
    `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = $1::regclass AND attname = 'embedding'`,
    [table],
  );
  check(
    column?.type === `vector(${dim})`,
    'SHAPE_MISMATCH',
    () =>
      `${where}: the table ${table} has ${column ? `embeddings of type ${column.type}` : 'no column embedding'}; expected vector(${dim}), or a table that is not there yet.`,
  );
}

/** As pgvector reads it; nine digits are all of a float32. */
function textOf(row: Float32Array): string {
  return `[${Array.from(row, (value) => Number(value.toPrecision(9))).join(',')}]`;
}

/** Vectors as `vector_send` writes them: a 16-bit size, two bytes of nothing, and float32, highest byte first. */
function floatsOf(bytes: Uint8Array, count: number, dim: number): Float32Array {
  const stride = 4 + 4 * dim;
  check(
    bytes?.byteLength === count * stride,
    'STORE_INVALID',
    () =>
      `pgvectorStore: ${count} rows came as ${bytes?.byteLength} bytes; expected ${stride} for each.`,
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows = new Float32Array(count * dim);
  for (let row = 0, i = 0; row < count; row++)
    for (let at = row * stride + 4; i < (row + 1) * dim; at += 4)
      rows[i++] = view.getFloat32(at, false);
  return rows;
}
