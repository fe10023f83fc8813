import { Simd } from '../../../src/wasm/simd/simd.js';

/** Cuts all work into as many parts as large work is cut into, until `restore`; so that small tensors are cut too. */
export function cutSmallWork(): { count: number; restore(): void } {
  const { parts, together } = Simd.prototype;
  const cut = {
    /** Runs that were cut. */
    count: 0,
    restore: () => Object.assign(Simd.prototype, { parts, together }),
  };
  Object.assign(Simd.prototype, {
    parts(this: Simd, _: number, perThread?: number) {
      return parts.call(this, 1e8, perThread);
    },
    together(this: Simd, jobs: Parameters<Simd['together']>[0]) {
      if (jobs.length > 1 && this.parts(0) > 1) cut.count++;
      together.call(this, jobs);
    },
  });
  return cut;
}
