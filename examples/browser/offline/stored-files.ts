import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const TEMPLATE = fileURLToPath(new URL('service-worker.mjs', import.meta.url));
const NAME = 'service-worker.js';

/** The runtime of ONNX has 14 MB, and few bring a file for it: it is stored when somebody does. */
const LATER = /ort-wasm/;

/** Writes the service worker, with the lists of all files that were built, beside them. */
export function storedFiles(): Plugin {
  let outDir = '';
  return {
    name: 'stored-files',
    apply: 'build',
    configResolved: (config) => {
      outDir = resolve(config.root, config.build.outDir);
    },
    closeBundle: async () => {
      const files = (await filesOf(outDir)).filter((name) => name !== NAME);
      const hash = createHash('sha256');
      for (const name of files) hash.update(name).update(await readFile(join(outDir, name)));
      // The page itself is asked for by its folder.
      const addresses = files.map((name) => (name === 'index.html' ? './' : `./${name}`));
      const [later, list] = [true, false].map((isLater) =>
        JSON.stringify(addresses.filter((address) => LATER.test(address) === isLater)),
      );
      const text = (await readFile(TEMPLATE, 'utf8'))
        .replace("'__LIST__'", list)
        .replace("'__LATER__'", later)
        .replace('__VERSION__', hash.digest('hex').slice(0, 16));
      await writeFile(join(outDir, NAME), text);
    },
  };
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
