import { onSharedMemory } from '../threads/shared-memory.js';
import { Threads } from '../threads/threads.js';
import { relaxedSimdModule, type SimdFunctions, simdModule } from './module.generated.js';
import { Simd, type WasmBackend } from './simd.js';

const SIMD = Symbol.for('salad-ad/wasm/simd');

/**
 * The SIMD module of a backend; undefined where its memory cannot be reached, or the engine has no SIMD: composed operations serve
 * there.
 */
export function simdOf(backend: unknown): Simd | undefined {
  const holder = backend as WasmBackend & { [SIMD]?: Simd | null };
  if (holder[SIMD] === undefined) holder[SIMD] = instantiate(holder) ?? null;
  return holder[SIMD] ?? undefined;
}

function instantiate(backend: WasmBackend): Simd | undefined {
  const memory = backend.wasm?.wasmMemory ?? backend.wasm?.asm?.memory;
  if (!(memory instanceof WebAssembly.Memory)) return undefined;
  const shared = !(memory.buffer instanceof ArrayBuffer);
  try {
    const module = compiled(shared);
    const instance = new WebAssembly.Instance(module, { env: { memory } });
    const functions = instance.exports as unknown as SimdFunctions;
    if (!shared) return new Simd(backend, memory, functions);
    const threads = new Threads(module, memory, functions);
    endWith(backend, threads);
    return new Simd(backend, memory, functions, threads);
  } catch {
    return undefined;
  }
}

/** Lets threads end as `tf.removeBackend` ends the backend. */
function endWith(backend: WasmBackend, threads: Threads<SimdFunctions>): void {
  const { dispose } = backend;
  backend.dispose = function () {
    threads.stop();
    dispose.call(this);
  };
}

/** The module for what the engine knows: relaxed SIMD multiplies and adds in one instruction. */
function compiled(shared: boolean): WebAssembly.Module {
  const relaxed = bytesOf(relaxedSimdModule);
  const module = WebAssembly.validate(relaxed) ? relaxed : bytesOf(simdModule);
  return new WebAssembly.Module(shared ? onSharedMemory(module) : module);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
