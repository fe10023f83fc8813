import { inDouble } from './casts.js';
import type { Graph, Value } from './graph.js';
import { longs } from './tensor-data.js';
import { GROUP, largest, largestOfMany } from './top-nodes.js';

/** Rows that are compared at a time, at least: memory is that of so many products an image. Of smaller blocks choosing takes longer. */
const BLOCK = 16384;

/** Of fewer rows, groups are not worth a block for those that are left over. */
const FEWEST_GROUPED = 4096;

/** Blocks at most, so that the graph of a large bank stays small. */
const MOST_BLOCKS = 64;

/** Bank rows that count, and which row of the training source each is. */
export interface BankRows {
  /** [end - first, dim] each, float32, as `blocksOf` cuts the rows. */
  readonly blocks: readonly {
    readonly rows: Value;
    readonly first: number;
    readonly end: number;
  }[];
  readonly kept: number;
  readonly numbers: readonly number[];
}

/** Rows of a block at most whose angles are summed in float64: of a few, one angle in the last bit moves a sum in float32 by that of its own, and a score by several; of many, it takes time. */
const MOST_IN_DOUBLE = 4096;

/** What a comparison with the bank gives. */
export interface BankValues {
  /** [images], float64, Eq. 4. */
  readonly relative: Value;
  /** [images], float64. */
  readonly angular: Value;
  /** [images, K], rows of the training source, int64. */
  readonly nearest: Value;
  /** [images, K], radians. */
  readonly angles: Value;
}

/**
 * Both scores of embeddings, as `bankAngles`, `relativeScore` and `angularScore` compute them: block after block of the bank, the
 * nearest rows by exact angles.
 *
 * Rows of known anomalies are not in `bank`: they leave the nearest and the sum alike.
 */
export function bankScores(
  graph: Graph,
  embeddings: Value,
  bank: BankRows,
  scoreNeighbors: number,
): BankValues {
  const { kept } = bank;
  const k = Math.min(scoreNeighbors, kept);
  const blocks = bank.blocks.map((block) => scanned(graph, embeddings, block, k));
  const { cosines, rows, near } = merged(graph, blocks, k);
  const all = sum(
    graph,
    blocks.map(({ angles }) => angles),
  );
  const each = graph.node('Unsqueeze', [embeddings, graph.longs(1)]);
  const angles = anglesBetween(graph, near, each);
  const nearSum = rowSum(graph, inDouble(graph, angles));
  const mean = graph.node('Div', [nearSum, graph.double(k)]);
  return {
    relative: relative(graph, { mean, nearSum, all, cosines, kept, k }),
    angular: graph.node('Div', [mean, graph.double(Math.PI)]),
    nearest: graph.node('Gather', [
      graph.constant(longs(bank.numbers, [kept]), 'bankRowNumbers'),
      rows,
    ]),
    angles,
  };
}

/**
 * First row and end of each block, of `least` rows at least: of whole groups of rows, and what is left over.
 *
 * Each is a constant of its own in the file. Runtimes that cut one constant while they load a file copy all of it for each cut, and keep both.
 */
export function blocksOf(rows: number, least = BLOCK): (readonly [first: number, end: number])[] {
  const size = Math.max(least, GROUP * Math.ceil(rows / MOST_BLOCKS / GROUP));
  const whole = rows < FEWEST_GROUPED ? rows : rows - (rows % GROUP);
  const ends = Array.from({ length: Math.ceil(whole / size) }, (_, i) =>
    Math.min(whole, (i + 1) * size),
  );
  if (whole < rows) ends.push(rows);
  return ends.map((end, i) => [ends[i - 1] ?? 0, end]);
}

interface Block {
  /** [images, at most k], largest first. */
  readonly cosines: Value;
  /** [images, at most k], int64, rows of the bank. */
  readonly rows: Value;
  /** [images, at most k, dim], these rows themselves. */
  readonly near: Value;
  /** [images], float64, the sum of all angles of the block. */
  readonly angles: Value;
}

function scanned(
  graph: Graph,
  embeddings: Value,
  { rows, first, end }: BankRows['blocks'][number],
  k: number,
): Block {
  const product = graph.node('Gemm', [embeddings, rows], { transB: { int: 1 } });
  const cosines = graph.node('Clip', [product, graph.float(-1), graph.float(1)]);
  const count = end - first;
  const [top, places] = largestOfMany(graph, cosines, count, Math.min(k, count));
  const angles = graph.node('Acos', [cosines]);
  return {
    cosines: top,
    rows: first === 0 ? places : graph.node('Add', [places, graph.long(first)]),
    near: graph.node('Gather', [rows, places]),
    angles:
      count <= MOST_IN_DOUBLE
        ? rowSum(graph, inDouble(graph, angles))
        : inDouble(graph, rowSum(graph, angles)),
  };
}

/** The k largest of all blocks; of equal ones the lower row comes first, since it stands first. */
function merged(graph: Graph, blocks: readonly Block[], k: number): Omit<Block, 'angles'> {
  if (blocks.length === 1) return blocks[0];
  const join = (name: 'cosines' | 'rows' | 'near') =>
    graph.node(
      'Concat',
      blocks.map((block) => block[name]),
      { axis: { int: 1 } },
    );
  const [cosines, places] = largest(graph, join('cosines'), k);
  const rows = graph.node('GatherElements', [join('rows'), places], { axis: { int: 1 } });
  const each = graph.node('Unsqueeze', [places, graph.longs(2)]);
  const near = graph.node('GatherND', [join('near'), each], { batch_dims: { int: 1 } });
  return { cosines, rows, near };
}

/** 2 atan(|u - v| / |u + v|), exact for small angles where the arc cosine loses half its digits. */
function anglesBetween(graph: Graph, rows: Value, each: Value): Value {
  const length = (difference: Value) =>
    graph.node('Sqrt', [rowSum(graph, graph.node('Mul', [difference, difference]))]);
  const apart = length(graph.node('Sub', [rows, each]));
  const along = length(graph.node('Add', [rows, each]));
  return graph.node('Mul', [
    graph.node('Atan', [graph.node('Div', [apart, along])]),
    graph.float(2),
  ]);
}

/** min(1, kept * mean of the nearest / sum of all), 0 where every angle is 0. */
function relative(
  graph: Graph,
  of: {
    readonly mean: Value;
    readonly nearSum: Value;
    readonly all: Value;
    readonly cosines: Value;
    readonly kept: number;
    readonly k: number;
  },
): Value {
  const { mean, nearSum, all, cosines, kept, k } = of;
  // The nearest count as exactly in the sum as above it; where they are all there are, rounding must leave nothing of the others.
  const others = graph.node('Max', [
    graph.node('Sub', [all, rowSum(graph, inDouble(graph, graph.node('Acos', [cosines])))]),
    graph.double(0),
  ]);
  const total = kept > k ? graph.node('Add', [nearSum, others]) : nearSum;
  const isZero = graph.node('Equal', [total, graph.double(0)]);
  const divisor = graph.node('Where', [isZero, graph.double(1), total]);
  const ratio = graph.node('Div', [graph.node('Mul', [mean, graph.double(kept)]), divisor]);
  return graph.node('Min', [ratio, graph.double(1)]);
}

/** The sum over the last dimension. */
export function rowSum(graph: Graph, values: Value): Value {
  return graph.node('ReduceSum', [values, graph.longs(-1)], { keepdims: { int: 0 } });
}

function sum(graph: Graph, values: readonly Value[]): Value {
  return values.reduce((total, value) => graph.node('Add', [total, value]));
}
