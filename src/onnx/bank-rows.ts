import type { StoredTensor, StoredTensors } from '../learning/stored-tensors.js';
import type { ModelDescription } from '../model/model-file.js';
import { check } from '../support/check.js';
import { rowsAt } from '../support/rows-at.js';
import { type BankRows, blocksOf } from './bank-nodes.js';
import { inFloat } from './casts.js';
import type { DistanceRows } from './distance-nodes.js';
import type { Graph, Value } from './graph.js';
import { bytes, floats } from './tensor-data.js';

/** How the rows of banks are held in the file: 4 bytes a number, or 1. */
export type BankPrecision = 'float32' | 'int8';

/** Rows as the file holds them. */
interface HeldRows {
  readonly rows: Value;
  /** The numbers that the graph computes with. */
  readonly values: Float32Array;
  /** The largest distance of a row from what it was. */
  readonly loss: number;
}

/** The bank without the rows of known anomalies. @throws NO_ROWS_KEPT */
export function bankRows(
  where: string,
  graph: Graph,
  { anomalies }: Pick<ModelDescription, 'anomalies'>,
  tensors: StoredTensors,
  precision: BankPrecision,
): BankRows & { readonly loss: number } {
  const { shape, values } = tensors.get('bank') as StoredTensor;
  const left = new Set(anomalies);
  const [size, dim] = shape;
  const numbers = Array.from({ length: size }, (_, row) => row).filter((row) => !left.has(row));
  check(
    numbers.length > 0,
    'NO_ROWS_KEPT',
    () =>
      `${where}: all ${size} rows of the bank are of known anomalies; expected at least one row of a normal image; fit the model on some.`,
  );
  const kept = rowsAt(values as Float32Array, dim, numbers);
  const blocks = bankBlocks(graph, kept, dim, precision);
  const loss = blocks.reduce((most, block) => Math.max(most, block.loss), 0);
  return { blocks, kept: numbers.length, numbers, loss };
}

/** Rows as blocks, each a constant of the file. */
export function bankBlocks(
  graph: Graph,
  values: Float32Array,
  dim: number,
  precision: BankPrecision,
): (BankRows['blocks'][number] & { readonly loss: number })[] {
  return blocksOf(values.length / dim).map(([first, end], i) => {
    const name = i === 0 ? 'bank' : `bank${i + 1}`;
    const own = values.subarray(first * dim, end * dim);
    return { first, end, ...heldRows(graph, own, [end - first, dim], precision, name) };
  });
}

/** The bank of cells. */
export function cellRows(
  graph: Graph,
  tensors: StoredTensors,
  precision: BankPrecision,
): DistanceRows & { readonly loss: number } {
  const { shape, values } = tensors.get('cells') as StoredTensor;
  const [size, dim] = shape;
  const held = heldRows(graph, values as Float32Array, [size, dim], precision, 'cellBank');
  return { ...held, size, dim };
}

/** Whole numbers from -127 to 127 and one scale for each row, by which the row keeps its length. */
function heldRows(
  graph: Graph,
  values: Float32Array,
  [size, dim]: readonly [number, number],
  precision: BankPrecision,
  name: string,
): HeldRows {
  if (precision === 'float32')
    return { rows: graph.constant(floats(values, [size, dim]), name), values, loss: 0 };
  const whole = new Int8Array(values.length);
  const scales = new Float32Array(size);
  const kept = new Float32Array(values.length);
  let loss = 0;
  for (let row = 0; row < size; row++) {
    const own = values.subarray(row * dim, (row + 1) * dim);
    const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    const steps = own.map((value) => Math.round((127 * value) / largest));
    scales[row] = Math.hypot(...own) / (Math.hypot(...steps) || 1);
    whole.set(steps, row * dim);
    steps.forEach((step, i) => {
      kept[row * dim + i] = step * scales[row];
    });
    loss = Math.max(loss, Math.hypot(...own.map((value, i) => value - kept[row * dim + i])));
  }
  const wide = inFloat(graph, graph.constant(bytes(whole, [size, dim]), name));
  const rows = graph.node('Mul', [wide, graph.constant(floats(scales, [size, 1]))]);
  return { rows, values: kept, loss };
}
