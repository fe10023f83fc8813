// Compiles src/wasm/assembly to WebAssembly and writes it, as text, where src/wasm/simd imports it: so it is
// found in Node, in bundles and in browsers without a file to serve.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'src/wasm/simd/module.generated.ts');
const folder = await mkdtemp(join(tmpdir(), 'salad-ad-simd-'));
try {
  const file = join(folder, 'simd.wasm');
  const { error, stderr } = await asc.main([
    'src/wasm/assembly/index.ts',
    // The memory is the backend's: the module owns no byte of it.
    ...['--importMemory', '--noExportMemory', '--runtime', 'stub', '--use', 'abort='],
    ...['--enable', 'simd', '-O3', '--noAssert', '--baseDir', root, '--outFile', file],
  ]);
  if (error) throw new Error(stderr.toString(), { cause: error });
  const bytes = await readFile(file);
  const module = new WebAssembly.Module(bytes);
  const imports = WebAssembly.Module.imports(module).map(({ name }) => name);
  if (imports.join() !== 'memory')
    throw new Error(`the module imports ${imports}; expected the memory alone`);
  await writeFile(
    target,
    `// Made by \`npm run build:simd\` from src/wasm/assembly.\nexport const simdModule =\n  '${bytes.toString('base64')}';\n`,
  );
  console.log(`src/wasm/simd/module.generated.ts: ${bytes.length} bytes of WebAssembly`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
