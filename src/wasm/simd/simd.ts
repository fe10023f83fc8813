import type * as tf from '@tensorflow/tfjs-core';
import type {
  KernelBackend,
  KernelFunc,
  NamedAttrMap,
  Tensor,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import { SaladError } from '../../support/errors.js';
import type { Address } from './address.js';
import { relaxedSimdModule, type SimdFunctions, simdModule } from './module.generated.js';

/** What is used of tfjs's wasm backend. */
type WasmBackend = KernelBackend & {
  readonly wasm: {
    readonly asm?: { readonly memory?: WebAssembly.Memory };
    _malloc(bytes: number): Address;
    _free(address: Address): void;
  };
  readonly dataIdMap: {
    get(dataId: object): { readonly memoryOffset: Address };
    has(dataId: object): boolean;
  };
  makeOutput(shape: number[], dtype: tf.DataType): TensorInfo;
};

/** A SIMD module that works in place on the memory of a wasm backend. */
export class Simd {
  readonly functions: SimdFunctions;

  constructor(
    private readonly backend: WasmBackend,
    private readonly memory: WebAssembly.Memory,
  ) {
    const instance = new WebAssembly.Instance(compiled(), { env: { memory } });
    this.functions = instance.exports as unknown as SimdFunctions;
  }

  /** The address of a tensor's values. */
  address(tensor: TensorInfo): Address {
    return this.backend.dataIdMap.get(tensor.dataId).memoryOffset;
  }

  /** A tensor's values where they are; they change place as the memory grows. */
  floats(tensor: TensorInfo): Float32Array {
    const size = tensor.shape.reduce((product, side) => product * side, 1);
    return this.floatsAt(this.address(tensor), size);
  }

  /** So many values at an address, likewise. */
  floatsAt(address: Address, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, count);
  }

  /** Moves bytes to another place, which may overlap with where they are. */
  move(from: Address, to: Address, bytes: number): void {
    new Uint8Array(this.memory.buffer).copyWithin(to, from, from + bytes);
  }

  /** The addresses of several tensors' values. */
  addresses<Tensors extends readonly TensorInfo[]>(...tensors: Tensors) {
    return tensors.map((tensor) => this.address(tensor)) as { [At in keyof Tensors]: Address };
  }

  /** A new tensor, default float32, not initialised. @throws OUT_OF_MEMORY */
  output(shape: readonly number[], dtype: 'float32' | 'int32' = 'float32'): TensorInfo {
    const made = this.backend.makeOutput([...shape], dtype);
    if (this.address(made) !== 0) return made;
    // Where its memory cannot grow, the backend takes address 0 for a place.
    this.backend.disposeData(made.dataId);
    throw new SaladError(
      'OUT_OF_MEMORY',
      `wasm: no memory for a tensor [${shape}]; expected at most 4 GiB in all; use smaller batches, images or banks, or another backend.`,
    );
  }

  /** Memory beside all tensors, until `free`; undefined where there is none. */
  allocate(bytes: number): Address | undefined {
    return this.backend.wasm._malloc(bytes) || undefined;
  }

  /** Gives back what `allocate` gave. */
  free(address: Address): void {
    this.backend.wasm._free(address);
  }

  /** Whether a tensor's values are still in use. */
  holds(dataId: object): boolean {
    return this.backend.dataIdMap.has(dataId);
  }

  /** Gives back a tensor that `output` made. */
  dispose({ dataId }: TensorInfo): void {
    this.backend.disposeData(dataId);
  }

  /** Memory for the time that `use` runs. */
  withScratch<T>(use: (scratch: Scratch) => T): T {
    const taken: TensorInfo[] = [];
    const take = (bytes: number) => {
      const room = this.output([Math.ceil(bytes / 4)]);
      taken.push(room);
      return this.address(room);
    };
    const table = (values: ArrayLike<number>) => {
      const address = take(values.length * 4);
      new Uint32Array(this.memory.buffer, address, values.length).set(values);
      return address;
    };
    const floats = (values: ArrayLike<number>) => {
      const address = take(values.length * 4);
      new Float32Array(this.memory.buffer, address, values.length).set(values);
      return address;
    };
    const totals = (count: number) => {
      const address = take(count * 8);
      new Uint8Array(this.memory.buffer, address, count * 8).fill(0);
      return address;
    };
    try {
      return use({ take, table, floats, totals });
    } finally {
      for (const room of taken) this.dispose(room);
    }
  }
}

/** Memory that is given back by itself. */
export interface Scratch {
  /** The address of so many bytes. */
  take(bytes: number): Address;
  /** The address of a table of unsigned 32-bit numbers. */
  table(values: ArrayLike<number>): Address;
  /** The address of a table of float32 numbers. */
  floats(values: ArrayLike<number>): Address;
  /** The address of so many float64 zeros. */
  totals(count: number): Address;
}

const SIMD = Symbol.for('salad-ad/wasm/simd');

/**
 * The SIMD module of a backend; undefined where its memory cannot be reached or is shared between
 * threads, or the engine has no SIMD: composed operations serve there.
 */
export function simdOf(backend: unknown): Simd | undefined {
  const holder = backend as WasmBackend & { [SIMD]?: Simd | null };
  if (holder[SIMD] === undefined) holder[SIMD] = instantiate(holder) ?? null;
  return holder[SIMD] ?? undefined;
}

function instantiate(backend: WasmBackend): Simd | undefined {
  const memory = backend.wasm?.asm?.memory;
  if (!(memory instanceof WebAssembly.Memory)) return undefined;
  if (!(memory.buffer instanceof ArrayBuffer)) return undefined;
  try {
    return new Simd(backend, memory);
  } catch {
    return undefined;
  }
}

/** The module for what the engine knows: relaxed SIMD multiplies and adds in one instruction. */
function compiled(): WebAssembly.Module {
  const relaxed = bytesOf(relaxedSimdModule);
  return new WebAssembly.Module(WebAssembly.validate(relaxed) ? relaxed : bytesOf(simdModule));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** A kernel's arguments with the names of its inputs and the type of its attributes. */
export interface SimdArguments<Inputs extends string, Attributes> {
  readonly inputs: Readonly<Record<Inputs, Tensor>>;
  readonly attrs: Attributes;
}

/**
 * A kernel that runs on SIMD where it can, else as `otherwise`: without a module, with inputs that are
 * not float32, and where `compute` returns undefined for a case that it leaves alone.
 */
export function withSimd<Inputs extends string, Attributes>(
  compute: (
    simd: Simd,
    args: SimdArguments<Inputs, Attributes>,
  ) => TensorInfo | TensorInfo[] | undefined,
  otherwise: KernelFunc,
): KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const simd = simdOf(backend);
    const floats = Object.values(inputs).every((input) => {
      const tensors = Array.isArray(input) ? input : [input];
      return tensors.every(
        (tensor) => tensor === undefined || (tensor as Tensor).dtype === 'float32',
      );
    });
    const named = { inputs, attrs } as unknown as SimdArguments<Inputs, Attributes>;
    const computed = simd && floats ? compute(simd, named) : undefined;
    return computed ?? otherwise({ inputs, attrs: attrs as NamedAttrMap, backend });
  };
}
