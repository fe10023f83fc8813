import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const TEMPLATE = fileURLToPath(new URL('service-worker.js', import.meta.url));
const NAME = 'service-worker.js';

/** The runtime of ONNX has 14 MB, and few bring a file for it. */
const LEFT_OUT = /ort-wasm/;

/** Writes the service worker, with the list of all files that were built, beside them. */
export function storedFiles(): Plugin {
  let outDir = '';
  return {
    name: 'stored-files',
    apply: 'build',
    configResolved: (config) => {
      outDir = resolve(config.root, config.build.outDir);
    },
    closeBundle: async () => {
      const files = (await filesOf(outDir)).filter((name) => name !== NAME && !LEFT_OUT.test(name));
      const hash = createHash('sha256');
      for (const name of files) hash.update(name).update(await readFile(join(outDir, name)));
      const list = [
        './',
        ...files.filter((name) => name !== 'index.html').map((name) => `./${name}`),
      ];
      const text = (await readFile(TEMPLATE, 'utf8'))
        .replace("'__LIST__'", JSON.stringify(list))
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
