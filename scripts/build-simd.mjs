// Compiles src/wasm/assembly to WebAssembly and writes it, as text and with the types of its functions, where
// src/wasm/simd imports it: so it is found in Node, in bundles and in browsers without a file to serve.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { simdTypes } from './simd-types.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = 'src/wasm/simd/module.generated.ts';
const folder = await mkdtemp(join(tmpdir(), 'salad-ad-simd-'));

/** The module, in base64. */
async function compile(...features) {
  const file = join(folder, 'simd.wasm');
  const { error, stderr } = await asc.main([
    'src/wasm/assembly/index.ts',
    // The memory is the backend's: the module owns no byte of it.
    ...['--importMemory', '--noExportMemory', '--runtime', 'stub', '--use', 'abort='],
    ...features.flatMap((feature) => ['--enable', feature]),
    ...['-O3', '--noAssert', '--baseDir', root, '--outFile', file],
  ]);
  if (error) throw new Error(stderr.toString(), { cause: error });
  const bytes = await readFile(file);
  // Static data would be written over the backend's own when the module starts.
  if (holdsData(bytes))
    throw new Error('the module holds static data, such as a table of Math.log');
  console.log(`${features.join(', ')}: ${bytes.length} bytes of WebAssembly`);
  return bytes.toString('base64');
}

try {
  const simd = await compile('simd');
  const relaxed = await compile('simd', 'relaxed-simd');
  await writeFile(
    join(root, target),
    [
      '// Made by `npm run build:simd` from src/wasm/assembly.',
      "import type { Address } from './address.js';",
      await simdTypes(join(root, 'src/wasm/assembly')),
      `export const simdModule =\n  '${simd}';`,
      `export const relaxedSimdModule =\n  '${relaxed}';\n`,
    ].join('\n'),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Whether a module has a data section: a header of eight bytes, then sections of an id, a length and content. */
function holdsData(bytes) {
  let at = 8;
  while (at < bytes.length) {
    if (bytes[at++] === 11) return true;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      length += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    at += length;
  }
  return false;
}
