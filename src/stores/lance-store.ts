import { check, checkKnownOptions, checkNumber, checkObject, checkText } from '../support/check.js';
import type { BankStore, StoredRows } from './bank-store.js';
import { alreadyThere, checkAdded, checkDim } from './check-store.js';
import { type ArrowColumn, floatsOf, numbersOf } from './lance-columns.js';

/** Rows of a block at most, as it is read. */
const BLOCK = 8192;

/** Queries that are asked at a time: LanceDB has threads of its own. */
const AT_A_TIME = 8;

/** Of LanceDB's classes what is called. */
interface LanceQuery {
  select(columns: string[]): LanceQuery;
  toArrow(): Promise<{ getChild(name: string): ArrowColumn | null }>;
}
interface LanceVectorQuery extends LanceQuery {
  distanceType(type: 'l2'): LanceVectorQuery;
  nprobes(count: number): LanceVectorQuery;
  refineFactor(factor: number): LanceVectorQuery;
  limit(count: number): LanceVectorQuery;
}
interface LanceTable {
  add(records: Record<string, unknown>[]): Promise<unknown>;
  countRows(filter?: string): Promise<number>;
  query(): {
    select(columns: string[]): AsyncIterable<{ getChild(name: string): ArrowColumn | null }>;
  };
  vectorSearch(query: Float32Array): unknown;
  schema(): Promise<{ fields: readonly { name: string; type: unknown }[] }>;
  close(): void;
}

/**
 * A store in a table of LanceDB: rows lie on disk (or in an object store), and a search reads what it needs of them.
 *
 * Without an index a search compares every row; `createIndex('vector')` of the table makes one, which is asked from then on. The table
 * has the columns `id` and `vector`; it is made where there is none.
 *
 * @param connection what `lancedb.connect(uri)` returned, of the package `@lancedb/lancedb` 0.31 or newer; yours to close.
 * @returns a store; `close()` closes the table.
 * @throws INVALID_OPTION | UNKNOWN_OPTION | SHAPE_MISMATCH where the table has rows of another size, and what LanceDB throws; members of the store INDEX_OUT_OF_RANGE |
 * INVALID_EMBEDDING | STORE_INVALID
 * @example
 * import * as lancedb from '@lancedb/lancedb';
 *
 * const store = await lanceStore(await lancedb.connect('banks'), { table: 'chest', dim: 200 });
 * await model.useStore(store);
 */
export async function lanceStore(
  connection: {
    /** As LanceDB has it. */
    readonly tableNames: () => Promise<string[]>;
    /** As LanceDB has it. */
    readonly openTable: (name: string) => Promise<unknown>;
    /** As LanceDB has it. */
    readonly createTable: (name: string, records: Record<string, unknown>[]) => Promise<unknown>;
  },
  options: {
    /** Its name. */
    readonly table: string;
    /** Numbers in a row: the embedding size of the model. */
    readonly dim: number;
    /** Partitions of an index that are searched: more find more, and take longer. @defaultValue what LanceDB chooses */
    readonly nprobes?: number;
    /** Rows that an index of compressed vectors offers for each that is wanted, to be compared in full. @defaultValue 10 */
    readonly refineFactor?: number;
  },
): Promise<BankStore> {
  const where = 'lanceStore';
  checkKnownOptions(where, options, { table: true, dim: true, nprobes: true, refineFactor: true });
  const { table: name, dim, nprobes, refineFactor = 10 } = options;
  checkObject(
    where,
    'connection',
    connection,
    'what lancedb.connect(uri) returned; run `npm install @lancedb/lancedb`',
    ['tableNames', 'openTable', 'createTable'],
  );
  checkText(where, 'table', name, 'the name of a table');
  checkDim(where, dim);
  if (nprobes !== undefined) checkNumber(where, 'nprobes', nprobes, { min: 1, integer: true });
  checkNumber(where, 'refineFactor', refineFactor, { min: 1, integer: true });
  const exists = (await connection.tableNames()).includes(name);
  let table = exists ? ((await connection.openTable(name)) as LanceTable) : undefined;
  if (table) await checkTable(table, name, dim);

  const nearestTo = async (query: Float32Array, k: number) => {
    let search = (table as LanceTable).vectorSearch(query) as LanceVectorQuery;
    search = search.distanceType('l2').refineFactor(refineFactor).limit(k);
    if (nprobes !== undefined) search = search.nprobes(nprobes);
    const found = await search.select(['id', '_distance']).toArrow();
    return {
      ids: numbersOf(found.getChild('id')),
      // LanceDB tells their squares.
      distances: numbersOf(found.getChild('_distance')).map((square) => Math.sqrt(square)),
    };
  };

  const added = async ({ ids, rows }: StoredRows) => {
    const call = 'BankStore.add (lanceStore)';
    const count = checkAdded(call, { ids, rows }, dim);
    if (count === 0) return;
    if (table) await checkNew(call, table, ids);
    const records = Array.from(ids, (id, i) => ({
      id,
      vector: rows.subarray(i * dim, (i + 1) * dim),
    }));
    if (table) await table.add(records);
    else table = (await connection.createTable(name, records)) as LanceTable;
  };
  // One after the other: each looks which ids are there before it writes.
  let last: Promise<void> = Promise.resolve();

  return {
    dim,
    size: async () => (table ? table.countRows() : 0),
    add(some: StoredRows) {
      const adding = last.then(() => added(some));
      last = adding.catch(() => {});
      return adding;
    },
    async nearest(queries: Float32Array, k: number) {
      const count = queries.length / dim;
      if (!table) return Array.from({ length: count }, () => ({ ids: [], distances: [] }));
      const answers: Awaited<ReturnType<typeof nearestTo>>[] = [];
      for (let first = 0; first < count; first += AT_A_TIME) {
        const some = Array.from({ length: Math.min(AT_A_TIME, count - first) }, (_, i) =>
          nearestTo(queries.slice((first + i) * dim, (first + i + 1) * dim), k),
        );
        answers.push(...(await Promise.all(some)));
      }
      return answers;
    },
    async *blocks() {
      if (!table) return;
      for await (const batch of table.query().select(['id', 'vector'])) {
        const ids = numbersOf(batch.getChild('id'));
        const rows = floatsOf(batch.getChild('vector'), dim);
        for (let first = 0; first < ids.length; first += BLOCK)
          yield {
            ids: ids.slice(first, first + BLOCK),
            rows: rows.subarray(first * dim, (first + BLOCK) * dim),
          };
      }
    },
    close: async () => table?.close(),
  };
}

/** The columns that a store reads. @throws SHAPE_MISMATCH */
async function checkTable(table: LanceTable, name: string, dim: number): Promise<void> {
  const { fields } = await table.schema();
  const vector = fields.find((field) => field.name === 'vector')?.type as { listSize?: number };
  checkObject('lanceStore', `column vector of the table '${name}'`, vector, 'a column of vectors');
  check(
    vector.listSize === dim,
    'SHAPE_MISMATCH',
    () =>
      `lanceStore: rows of the table '${name}' have ${vector.listSize} numbers; expected ${dim}, or a table that is not there yet.`,
  );
}

/** @throws INDEX_OUT_OF_RANGE where one is there */
async function checkNew(where: string, table: LanceTable, ids: ArrayLike<number>): Promise<void> {
  const all = Array.from(ids);
  const [low, high] = all.reduce(
    ([a, b], id) => [Math.min(a, id), Math.max(b, id)],
    [all[0], all[0]],
  );
  // Ids most often follow those before, and need no list.
  if ((await table.countRows(`id >= ${low} AND id <= ${high}`)) === 0) return;
  if ((await table.countRows(`id IN (${all.join(', ')})`)) === 0) return;
  for (const id of all)
    if ((await table.countRows(`id = ${id}`)) > 0) throw alreadyThere(where, id);
}
