export type { BankStore, StoredRows } from './bank-store.js';
export { lanceStore } from './lance-store.js';
export { pgvectorStore } from './pgvector-store.js';
export { storeRecall } from './store-recall.js';
export { usearchStore } from './usearch-store.js';
