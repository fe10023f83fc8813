import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import { describe, expect, it } from 'vitest';
import { threadedWasm } from '../../src/node/index.js';

const script = fileURLToPath(new URL('./threads-in-a-process.ts', import.meta.url));

describe('threadedWasm', () => {
  it('makes a backend whose memory threads share, and lets the process end by itself', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script]);
    const line = stdout.split('\n').find((one) => one.startsWith('ANSWERS '))!;
    expect(JSON.parse(line.slice('ANSWERS '.length))).toEqual({
      products: new Array(50).fill(256 * 512 * 512),
      shared: true,
      hasWorker: false,
      added: 0,
    });
  });

  it('starts as often as it is asked, each backend with a memory of its own', async () => {
    const [one, other] = await Promise.all([threadedWasm(wasm)(), threadedWasm(wasm)()]);
    const memoryOf = (backend: object) =>
      (backend as { wasm: { wasmMemory: WebAssembly.Memory } }).wasm.wasmMemory;
    expect(memoryOf(one)).not.toBe(memoryOf(other));
    one.dispose();
    other.dispose();
  });

  it('says what it takes', () => {
    expect(() => threadedWasm({} as never)).toThrowError(
      /^threadedWasm: wasm has no BackendWasm; expected the package @tensorflow\/tfjs-backend-wasm as it is imported\. \[INVALID_OPTION\]$/,
    );
  });
});
