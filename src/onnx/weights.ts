import type { StoredTensor, StoredTensors } from '../learning/stored-tensors.js';
import { inFloat } from './casts.js';
import type { Graph, Value } from './graph.js';
import { floats, halves } from './tensor-data.js';

/** How the numbers of a network are held in the file: 4 or 2 bytes each. */
export type WeightPrecision = 'float32' | 'float16';

/** Numbers that a runtime computes with in float32, held in the file as asked; runtimes widen them as they load. */
export function weightsIn(
  graph: Graph,
  values: Float32Array,
  dims: readonly number[],
  precision: WeightPrecision,
): Value {
  if (precision === 'float32') return graph.constant(floats(values, dims));
  return inFloat(graph, graph.constant(halves(values, dims)));
}

/** The weights of a file in their fixed order: what is trained, and what is recorded beside it. */
export class WeightCursor {
  private trained = 0;
  private recorded: number;

  /** @param trainable how many tensors are trained: those recorded come after them. */
  constructor(
    private readonly tensors: StoredTensors,
    trainable: number,
  ) {
    this.recorded = trainable;
  }

  /** The next trained tensor. */
  next(): StoredTensor & { readonly values: Float32Array } {
    return this.at(this.trained++);
  }

  /** The next recorded one. */
  nextRecorded(): StoredTensor & { readonly values: Float32Array } {
    return this.at(this.recorded++);
  }

  private at(place: number): StoredTensor & { readonly values: Float32Array } {
    const stored = this.tensors.get(`weights/${place}`) as StoredTensor;
    return { shape: stored.shape, values: stored.values as Float32Array };
  }
}
