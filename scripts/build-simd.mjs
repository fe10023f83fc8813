// Compiles src/wasm/assembly to WebAssembly and writes it, as text, where src/wasm/simd imports it: so it is
// found in Node, in bundles and in browsers without a file to serve.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

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
      `export const simdModule =\n  '${simd}';`,
      `export const relaxedSimdModule =\n  '${relaxed}';\n`,
    ].join('\n'),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
