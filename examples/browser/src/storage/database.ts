const NAME = 'salad-ad';
const STORE = 'kept';

/** What the page keeps in this browser, by name. */
export type Kept = 'trained-model' | 'training-run' | 'training-checkpoint';

/** Keeps a value, in place of an earlier one of that name. */
export async function keep(name: Kept, value: unknown): Promise<void> {
  await transact('readwrite', (store) => store.put(value, name));
}

/** What was kept; undefined where nothing was. */
export async function kept<T>(name: Kept): Promise<T | undefined> {
  return (await transact('readonly', (store) => store.get(name))) as T | undefined;
}

/** Removes what was kept. */
export async function forget(name: Kept): Promise<void> {
  await transact('readwrite', (store) => store.delete(name));
}

/** One transaction; what was asked is done when it is complete, so that a closed page leaves all or nothing. */
async function transact(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  const database = await opened();
  try {
    return await new Promise((done, fail) => {
      const transaction = database.transaction(STORE, mode);
      const request = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = transaction.onabort = () =>
        fail(transaction.error ?? new Error('the browser stored nothing'));
    });
  } finally {
    database.close();
  }
}

function opened(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}
