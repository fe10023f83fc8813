import type { Detector } from '../../learning/detector.js';
import { checkNumber } from '../../support/check.js';
import { aCount, aNumber, fields, type JsonRule, listOf } from '../../support/json-rules.js';
import { RandomStream } from '../../support/random.js';
import { type FeatureOptions, featureDetector, resolveFeatures } from './feature-detector.js';
import { countOf, ofEach, sample, type VectorMethod, type Vectors } from './vectors.js';

/** Options of `isolationForest`. */
export interface IsolationForestOptions extends FeatureOptions {
  /** Trees of the forest. Whole number, at least 1. @defaultValue 100 */
  readonly trees?: number;
  /** Training images a tree, or all where there are fewer. @defaultValue 256 */
  readonly sampleSize?: number;
}

/**
 * An isolation forest, on pixels or on embeddings: how few random splits set an image apart.
 *
 *     score = 2^(-mean path length / c(sample size)),   c(n) = 2 (ln(n - 1) + 0.5772...) - 2 (n - 1) / n
 *
 * Labels are ignored.
 *
 * @param options `inputShape`; the others have defaults
 * @returns a detector that has learnt nothing yet
 * @throws INVALID_OPTION, UNKNOWN_OPTION. Its `fit`: SHAPE_MISMATCH.
 * `loadDetector`: NOT_A_MODEL
 * @see Liu, Ting, Zhou, "Isolation Forest", ICDM 2008. A split is drawn among the coordinates that
 * differ within its node, as in scikit-learn.
 * @example
 * const detector = isolationForest({ inputShape: [32, 32, 1], seed: 7 });
 */
export function isolationForest(options: IsolationForestOptions): Detector {
  const where = 'isolationForest';
  const settings = resolveFeatures(where, options, { trees: 100, sampleSize: 256 });
  checkNumber(where, 'trees', settings.trees, { min: 1, integer: true });
  checkNumber(where, 'sampleSize', settings.sampleSize, { min: 2, integer: true });
  return featureDetector(where, settings, isolationForestMethod(settings));
}

/** A leaf is how many training images end there; a node sends those below `at` to the first branch. */
type Tree = number | readonly [coordinate: number, at: number, below: Tree, above: Tree];

export function isolationForestMethod(options: {
  readonly trees: number;
  readonly sampleSize: number;
  readonly seed: number;
}): VectorMethod {
  return {
    *fit(vectors) {
      const size = Math.min(options.sampleSize, countOf(vectors));
      const height = Math.ceil(Math.log2(size));
      const trees: Tree[] = [];
      for (let tree = 0; tree < options.trees; tree++) {
        const random = new RandomStream(options.seed, ['isolation tree', tree]);
        trees.push(grow(vectors, sample(countOf(vectors), size, random), height, random));
        yield;
      }
      // No vector is needed any more; the file takes one row of zeros for none.
      const kept = { values: new Float32Array(vectors.dim), dim: vectors.dim };
      return { kept, facts: { trees, size } };
    },
    factsRule: ({ dim }) => fields({ trees: listOf(treeRule(dim), 1), size: sizeRule }),
    scores({ facts }, queries) {
      const { trees, size } = facts as { trees: readonly Tree[]; size: number };
      return ofEach(queries, (i) => {
        const total = trees.reduce<number>((sum, tree) => sum + pathLength(tree, queries, i), 0);
        return 2 ** (-total / trees.length / averagePathLength(size));
      });
    },
  };
}

const sizeRule = aNumber({ min: 1, integer: true });

/** A tree that splits vectors of `dim` numbers. */
function treeRule(dim: number): JsonRule {
  const coordinate = aNumber({ min: 0, max: dim - 1, integer: true });
  const rules = [coordinate, aNumber(), node, node];
  function node(value: unknown, at: string): string | undefined {
    if (!Array.isArray(value)) return aCount(value, at);
    if (value.length !== rules.length) return `${at} has ${value.length} entries; expected 4`;
    for (let i = 0; i < rules.length; i++) {
      const wrong = rules[i](value[i], `${at}[${i}]`);
      if (wrong) return wrong;
    }
    return undefined;
  }
  return node;
}

function grow(
  vectors: Vectors,
  rows: readonly number[],
  height: number,
  random: RandomStream,
): Tree {
  if (height === 0 || rows.length < 2) return rows.length;
  const { values, dim } = vectors;
  for (const coordinate of random.permutation(dim)) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const row of rows) {
      const value = values[row * dim + coordinate];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low === high) continue;
    // Never `low` itself, below which nothing would be.
    const at = high - random.uniform() * (high - low);
    const isBelow = (row: number) => values[row * dim + coordinate] < at;
    const [below, above] = [rows.filter(isBelow), rows.filter((row) => !isBelow(row))];
    return [
      coordinate,
      at,
      grow(vectors, below, height - 1, random),
      grow(vectors, above, height - 1, random),
    ];
  }
  return rows.length;
}

function pathLength(tree: Tree, { values, dim }: Vectors, query: number): number {
  let depth = 0;
  let node = tree;
  while (typeof node !== 'number') {
    const [coordinate, at, below, above] = node;
    node = values[query * dim + coordinate] < at ? below : above;
    depth += 1;
  }
  return depth + averagePathLength(node);
}

const EULER = 0.5772156649015329;

/** c(n), the mean length of an unsuccessful search in a binary tree of n. */
export function averagePathLength(n: number): number {
  if (n <= 1) return 0;
  return n === 2 ? 1 : 2 * (Math.log(n - 1) + EULER) - (2 * (n - 1)) / n;
}
