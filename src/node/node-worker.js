// In the package this name is the built node-worker.ts; from source, tsx translates it in the thread.
import { register } from 'tsx/esm/api';

register();
const { openRecords, prepare, score } = await import('./node-worker.ts');
export { openRecords, prepare, score };
