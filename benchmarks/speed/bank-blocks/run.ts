/**
 * A bank in blocks beside one tensor that is made anew, on backends without a kernel that writes in place: wasm and
 * tensorflow without the library's kernels, webgl and webgpu in Chromium.
 *
 *   npx tsx benchmarks/speed/bank-blocks/run.ts [backends, 'wasm,tensorflow,webgl,webgpu'] [sizes, '1e4,1e5']
 *
 * Each row is a process or a page of its own, in which the two are measured in turn. Prints a table.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inChromium } from '../../../test/conformance/chromium.js';
import { startBackend } from '../backends.js';
import { type AgainstWhole, againstWhole } from './against-whole.js';

const SECONDS = 30;

async function measured(backend: string, size: number): Promise<AgainstWhole> {
  if (backend.startsWith('webg'))
    return inChromium(
      false,
      (page) =>
        page.evaluate(([name, rows, time]) => globalThis.measureBanks(name, rows, time), [
          backend,
          size,
          SECONDS,
        ] as const),
      new URL('in-page.ts', import.meta.url),
    );
  const line = ['--import', 'tsx', fileURLToPath(import.meta.url), 'one', backend, String(size)];
  const output = execFileSync(process.execPath, line, { encoding: 'utf8' });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

async function one(backend: string, size: number): Promise<void> {
  await startBackend(backend, 'none');
  console.log(JSON.stringify(await againstWhole(size, SECONDS)));
}

async function table(backends: string, sizes: string): Promise<void> {
  console.log(
    '| backend | rows N | update, ms: blocks / whole | loss, gradient, update | scores of 16 |',
  );
  console.log('|---|---|---|---|---|');
  for (const backend of backends.split(','))
    for (const size of sizes.split(',')) {
      const { blocks, whole } = await measured(backend, Number(size));
      const cells = (['update', 'step', 'score'] as const).map(
        (work) =>
          `${blocks[work].toFixed(1)} / ${whole[work].toFixed(1)} = ${(blocks[work] / whole[work]).toFixed(2)}`,
      );
      console.log(`| ${[backend, size, ...cells].join(' | ')} |`);
    }
}

const [first = 'wasm,tensorflow,webgl,webgpu', second = '1e4,1e5', third] = process.argv.slice(2);
if (first === 'one') await one(second, Number(third));
else await table(first, second);
