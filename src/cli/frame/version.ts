import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** Of this package. */
export async function version(): Promise<string> {
  const path = createRequire(import.meta.url).resolve('salad-ad/package.json');
  return JSON.parse(await readFile(path, 'utf8')).version;
}
