import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

type Printed = { readonly relaxed: boolean; readonly results: number[][] };

const script = fileURLToPath(new URL('./convolve.mts', import.meta.url));
const run = promisify(execFile);

async function convolve(...flags: string[]): Promise<Printed> {
  const { stdout } = await run(process.execPath, [...flags, '--import', 'tsx', script], {
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout.slice(stdout.indexOf('{"relaxed"')));
}

// Node 20 knows relaxed SIMD behind a flag only; from 21 on every other test of wasm runs on it.
const flag = '--experimental-wasm-relaxed-simd';

test.runIf(process.version.startsWith('v20.'))(
  'with and without relaxed SIMD, convolutions differ by rounding alone',
  async () => {
    const [plain, relaxed] = [await convolve(), await convolve(flag)];
    expect([plain.relaxed, relaxed.relaxed]).toEqual([false, true]);
    let differing = 0;
    plain.results.forEach((values, i) => {
      const scale = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      values.forEach((value, j) => {
        expect(Math.abs(value - relaxed.results[i][j]) / scale).toBeLessThan(3e-6);
        if (value !== relaxed.results[i][j]) differing += 1;
      });
    });
    // Otherwise the second run was no other module.
    expect(differing).toBeGreaterThan(0);
  },
);
