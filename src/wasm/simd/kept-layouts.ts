import type { Tensor } from '@tensorflow/tfjs-core';
import type { Address } from './address.js';
import type { Scratch, Simd } from './simd.js';

/** Bytes of layouts that are kept at a time, at most. */
const MOST_BYTES = 1 << 27;

/** A layout of weights, in the backend's memory while it is kept. */
interface Layout {
  /** The values that it was made of. */
  readonly of: WeakRef<object>;
  readonly bytes: number;
  address?: Address;
}

/** All layouts of a backend: those of each tensor's values by name, and those that are kept, the one used last at the end. */
interface Layouts {
  readonly known: WeakMap<object, Map<string, Layout>>;
  readonly kept: Set<Layout>;
}

const LAYOUTS = Symbol.for('salad-ad/wasm/layouts');

/** A layout: its name, its bytes, and what writes it. */
export interface LayoutForm {
  /** With all that the layout depends on but the values: tensors of other shapes share them after a reshape. */
  readonly name: string;
  readonly bytes: number;
  readonly make: (to: Address) => void;
}

/**
 * Weights in the layout that a kernel reads, where it is kept: from the second time on that it is asked for, since in training each step
 * has new weights, and in scoring all batches have the same.
 *
 * It goes when another is kept after its tensor has gone, when `forgetLayouts` tells that values were written in place, and where newer layouts need the room.
 *
 * @returns its address, until the next call; undefined at first, and where there is no room.
 */
export function keptLayout(
  simd: Simd,
  { dataId }: Tensor,
  { name, bytes, make }: LayoutForm,
): Address | undefined {
  const { known, kept } = layoutsOf(simd);
  const ofTensor = known.get(dataId) ?? new Map<string, Layout>();
  known.set(dataId, ofTensor);
  const layout = ofTensor.get(name);
  if (!layout) {
    ofTensor.set(name, { of: new WeakRef(dataId), bytes });
    return undefined;
  }
  if (layout.address === undefined) {
    if (!makeRoom(simd, kept, bytes)) return undefined;
    const to = simd.allocate(bytes);
    if (to === undefined) return undefined;
    try {
      make(to);
    } catch (error) {
      simd.free(to);
      throw error;
    }
    layout.address = to;
  }
  // The one used last at the end.
  kept.delete(layout);
  kept.add(layout);
  return layout.address;
}

/** The same, made in scratch where it is not kept. */
export function layoutOf(simd: Simd, scratch: Scratch, weights: Tensor, form: LayoutForm): Address {
  const kept = keptLayout(simd, weights, form);
  if (kept !== undefined) return kept;
  const made = scratch.take(form.bytes);
  form.make(made);
  return made;
}

/** Drops the layouts of a tensor whose values were written in place. */
export function forgetLayouts(simd: Simd, { dataId }: Tensor): void {
  const { known, kept } = layoutsOf(simd);
  for (const layout of known.get(dataId)?.values() ?? []) drop(simd, kept, layout);
  known.delete(dataId);
}

function layoutsOf(simd: Simd): Layouts {
  const holder = simd as Simd & { [LAYOUTS]?: Layouts };
  holder[LAYOUTS] ??= { known: new WeakMap(), kept: new Set() };
  return holder[LAYOUTS];
}

/** Drops layouts of tensors that have gone, then those used longest ago; false where so many bytes are too many. */
function makeRoom(simd: Simd, kept: Set<Layout>, bytes: number): boolean {
  for (const layout of kept) {
    const dataId = layout.of.deref();
    if (!dataId || !simd.holds(dataId)) drop(simd, kept, layout);
  }
  if (bytes > MOST_BYTES) return false;
  let total = bytes;
  for (const layout of kept) total += layout.bytes;
  for (const layout of kept) {
    if (total <= MOST_BYTES) break;
    drop(simd, kept, layout);
    total -= layout.bytes;
  }
  return true;
}

function drop(simd: Simd, kept: Set<Layout>, layout: Layout): void {
  if (layout.address !== undefined) simd.free(layout.address);
  layout.address = undefined;
  kept.delete(layout);
}
