import { check, checkKnownOptions, checkList, checkNumber } from '../../support/check.js';
import { missingPeer } from '../../support/missing-peer.js';
import { RandomStream } from '../../support/random.js';

/** Options of `projectEmbeddings`. */
export interface ProjectionOptions {
  /** Neighbours that an image is kept close to; fewer where there are fewer images. @defaultValue 15 */
  readonly neighbors?: number;
  /** How close points may come, 0 to 1. @defaultValue 0.1 */
  readonly minDistance?: number;
  /** Passes over the neighbours. @defaultValue 200 */
  readonly epochs?: number;
  /** The same seed gives the same picture. @defaultValue 0 */
  readonly seed?: number;
}

/**
 * Lays embeddings out in the plane by UMAP, so that neighbours stay neighbours.
 *
 * Distances are Euclidean, which on embeddings of unit length order images as their angles do. Sizes
 * of clusters and distances between them mean nothing: a picture to look at, not a measurement. The
 * time grows with the square of the images up to 4,096: draw a sample of larger sets.
 *
 * @param embeddings [images][dim], one row an image, all of one width; at least 3 images.
 * @returns xs and ys: [images] each, without a unit.
 * @throws EMPTY_SET, SHAPE_MISMATCH, NOT_FINITE, INVALID_OPTION, UNKNOWN_OPTION, MISSING_PEER for 'umap-js'
 * @see McInnes, Healy and Melville, UMAP, arXiv 1802.03426.
 * @example
 * const rows = await model.embed(test);
 * const { xs, ys } = await projectEmbeddings((await rows.array()) as number[][]);
 */
export async function projectEmbeddings(
  embeddings: readonly ArrayLike<number>[],
  options: ProjectionOptions = {},
): Promise<{ readonly xs: readonly number[]; readonly ys: readonly number[] }> {
  const where = 'projectEmbeddings';
  checkKnownOptions(where, options, {
    neighbors: true,
    minDistance: true,
    epochs: true,
    seed: true,
  });
  const { neighbors = 15, minDistance = 0.1, epochs = 200, seed = 0 } = options;
  checkNumber(where, 'neighbors', neighbors, { min: 2, integer: true });
  checkNumber(where, 'minDistance', minDistance, { min: 0, max: 1 });
  checkNumber(where, 'epochs', epochs, { min: 1, integer: true });
  checkNumber(where, 'seed', seed, {});
  checkList(where, 'embeddings', embeddings);
  check(
    embeddings.length >= 3,
    'EMPTY_SET',
    () => `${where}: got ${embeddings.length} embeddings; expected at least 3.`,
  );
  const rows = Array.from(embeddings, (row, i) => {
    checkList(where, `embeddings[${i}]`, row);
    return Array.from(row);
  });
  rows.forEach((row, i) => {
    check(
      row.length === rows[0].length,
      'SHAPE_MISMATCH',
      () =>
        `${where}: row ${i} has ${row.length} numbers and row 0 has ${rows[0].length}; expected rows of one width.`,
    );
    check(
      row.every(Number.isFinite),
      'NOT_FINITE',
      () => `${where}: row ${i} holds a number that is not finite; look at the image that gave it.`,
    );
  });
  const { UMAP } = await umapJs(where);
  const random = new RandomStream(seed, ['projection']);
  const umap = new UMAP({
    nNeighbors: Math.min(neighbors, rows.length - 1),
    minDist: minDistance,
    nEpochs: epochs,
    random: () => random.uniform(),
  });
  const places = umap.fit(rows);
  return { xs: places.map(([x]) => x), ys: places.map(([, y]) => y) };
}

async function umapJs(where: string): Promise<typeof import('umap-js')> {
  try {
    return await import('umap-js');
  } catch (cause) {
    return missingPeer(where, 'umap-js')(cause);
  }
}
