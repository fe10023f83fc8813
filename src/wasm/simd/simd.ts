import type * as tf from '@tensorflow/tfjs-core';
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { SaladError } from '../../support/errors.js';
import type { Threads } from '../threads/threads.js';
import type { Address } from './address.js';
import type { SimdFunctions } from './module.generated.js';

/** What is used of tfjs's wasm backend. */
export type WasmBackend = KernelBackend & {
  readonly wasm: {
    readonly asm?: { readonly memory?: WebAssembly.Memory };
    /** That of the build with threads. */
    readonly wasmMemory?: WebAssembly.Memory;
    _malloc(bytes: number): Address;
    _free(address: Address): void;
  };
  readonly dataIdMap: {
    get(dataId: object): { readonly memoryOffset: Address };
    has(dataId: object): boolean;
  };
  makeOutput(shape: number[], dtype: tf.DataType): TensorInfo;
};

/** Nanoseconds of work that are worth a part of their own: several times what it takes to write it down and to be told of its end. */
const WORTH = 25_000;

/** Nanoseconds of work that one thread does at a time, at most: whoever waits for it would take it for dead. */
const LONGEST = 2_000_000_000;

/** Parts for each thread: whoever is done first takes another one. */
const PARTS = 2;

/** A SIMD module that works in place on the memory of a wasm backend. */
export class Simd {
  /** What `output` has made for the kernel that runs. */
  private made: TensorInfo[] | undefined;

  /** Whether a thread that was given up may still write to what the kernel took: then nothing of that is given out again. */
  private unsure = false;

  constructor(
    protected readonly backend: WasmBackend,
    protected readonly memory: WebAssembly.Memory,
    readonly functions: SimdFunctions,
    private readonly threads?: Threads<SimdFunctions>,
  ) {}

  /** Computes a kernel: what it took of memory is given back where it throws. */
  attempt<T>(compute: () => T): T {
    const { made: outer } = this;
    const made: TensorInfo[] = [];
    this.made = made;
    try {
      return compute();
    } catch (error) {
      for (const one of made) if (this.holds(one.dataId)) this.dispose(one);
      throw error;
    } finally {
      this.made = outer;
      this.unsure = false;
    }
  }

  /** Into how many parts work is cut that takes one thread so many nanoseconds, about. What is computed must not depend on it. */
  parts(nanoseconds: number, perThread = PARTS): number {
    const threads = this.threads?.count() ?? 1;
    if (threads === 1) return 1;
    const fitting = Math.min(threads * perThread, Math.floor(nanoseconds / WORTH));
    const short = threads * Math.ceil(nanoseconds / LONGEST / threads);
    return Math.max(1, fitting, nanoseconds > LONGEST ? short : 1);
  }

  /**
   * Does jobs on all threads, each of which touches nothing that another one writes: they call the functions of the Simd that they
   * are given, and read no values.
   *
   * @throws THREAD_ENDED
   */
  together(jobs: readonly ((simd: Simd) => void)[]): void {
    const { threads, backend, memory } = this;
    if (!threads || jobs.length <= 1 || threads.count() === 1) {
      for (const job of jobs) job(this);
      return;
    }
    this.withScratch((scratch) => {
      const made: TensorInfo[] = [];
      try {
        const calls = jobs.map((job) =>
          threads.record((functions) => job(new Part(backend, memory, functions, made))),
        );
        threads.run(calls, (words) => {
          const place = scratch.take(words * 8);
          return { place, view: new Float64Array(memory.buffer, place, words) };
        });
      } finally {
        this.unsure = threads.unsure;
        this.giveBack(made, []);
      }
    });
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

  /** Moves bytes, a multiple of four, to a place ahead of where they are, which may overlap with it. */
  move(from: Address, to: Address, bytes: number): void {
    this.functions.slice(from, to, 1, 0, 1, 0, 1, 0, bytes);
  }

  /** The addresses of several tensors' values. */
  addresses<Tensors extends readonly TensorInfo[]>(...tensors: Tensors) {
    return tensors.map((tensor) => this.address(tensor)) as { [At in keyof Tensors]: Address };
  }

  /** A new tensor, default float32, not initialised. @throws OUT_OF_MEMORY */
  output(shape: readonly number[], dtype: 'float32' | 'int32' = 'float32'): TensorInfo {
    const made = this.backend.makeOutput([...shape], dtype);
    if (this.address(made) !== 0) {
      this.made?.push(made);
      return made;
    }
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
    if (!this.unsure) this.backend.wasm._free(address);
  }

  /** Whether a tensor's values are still in use. */
  holds(dataId: object): boolean {
    return this.backend.dataIdMap.has(dataId);
  }

  /** Gives back a tensor that `output` made. */
  dispose({ dataId }: TensorInfo): void {
    if (!this.unsure) this.backend.disposeData(dataId);
  }

  /** Memory for the time that `use` runs. */
  withScratch<T>(use: (scratch: Scratch) => T): T {
    const taken: TensorInfo[] = [];
    const filled: TensorInfo[] = [];
    const take = (bytes: number) => {
      const room = this.room(Math.ceil(bytes / 4));
      taken.push(room);
      return this.address(room);
    };
    const fill = (bytes: number) => {
      const room = this.output([Math.ceil(bytes / 4)]);
      filled.push(room);
      return this.address(room);
    };
    const table = (values: ArrayLike<number>) => {
      const address = fill(values.length * 4);
      new Uint32Array(this.memory.buffer, address, values.length).set(values);
      return address;
    };
    const floats = (values: ArrayLike<number>) => {
      const address = fill(values.length * 4);
      new Float32Array(this.memory.buffer, address, values.length).set(values);
      return address;
    };
    const totals = (count: number) => {
      const address = fill(count * 8);
      new Uint8Array(this.memory.buffer, address, count * 8).fill(0);
      return address;
    };
    try {
      return use({ take, table, floats, totals });
    } finally {
      this.giveBack(taken, filled);
    }
  }

  /** Memory for so many values. */
  protected room(count: number): TensorInfo {
    return this.output([count]);
  }

  protected giveBack(taken: readonly TensorInfo[], filled: readonly TensorInfo[]): void {
    for (const room of [...taken, ...filled]) this.dispose(room);
  }
}

/**
 * What a job of several is given. Its calls are made later, so that scratch stays until then; the calls of one job are made in
 * order, so that they may use the same scratch one after the other, but what was filled already.
 */
class Part extends Simd {
  private readonly unused = new Map<number, TensorInfo[]>();

  constructor(
    backend: WasmBackend,
    memory: WebAssembly.Memory,
    functions: SimdFunctions,
    private readonly rooms: TensorInfo[],
  ) {
    super(backend, memory, functions);
  }

  protected override room(count: number): TensorInfo {
    const room = this.unused.get(count)?.pop() ?? this.output([count]);
    if (!this.rooms.includes(room)) this.rooms.push(room);
    return room;
  }

  protected override giveBack(taken: readonly TensorInfo[], filled: readonly TensorInfo[]): void {
    this.rooms.push(...filled);
    for (const room of taken) {
      const [count] = room.shape;
      this.unused.set(count, [...(this.unused.get(count) ?? []), room]);
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
