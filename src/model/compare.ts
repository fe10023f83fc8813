import type { SaladWarning } from '../core/anomaly-score.js';
import type { MemoryBank } from '../core/memory-bank.js';
import type { ImageSource } from '../images/image-source.js';
import type { ImageProblem } from '../images/problems.js';
import { check } from '../support/check.js';
import { embedReadable } from './inference.js';
import type { Network } from './network.js';
import { type RawScores, scoreEmbeddings } from './score-embeddings.js';

/** Options of the calls that compare images with the bank. */
export interface ScoreOptions {
  /** [images]: the row of each image when training images are scored, which is then left out; -1 for none. */
  readonly ownRows?: ArrayLike<number>;
  readonly onWarning?: (warning: SaladWarning) => void;
}

export const scoreOptionNames = ['ownRows', 'onWarning'];

/** What images are compared with, and by which network. */
export interface Reference {
  readonly network: Network;
  readonly bank: MemoryBank;
  /** [N]: rows of known anomalies. */
  readonly discard: readonly boolean[];
  readonly scoreNeighbors: number;
}

/** Images beside the bank. */
export interface Comparison {
  readonly source: ImageSource;
  /** Images that could be read. */
  readonly indices: readonly number[];
  /** Of these, in order. */
  readonly raw: RawScores;
  /** The others. */
  readonly unreadable: readonly ImageProblem[];
}

/** Embeds what can be read of a source, and compares it with the bank. */
export async function compareWithBank(
  where: string,
  source: ImageSource,
  { network, bank, discard, scoreNeighbors }: Reference,
  { ownRows, onWarning }: ScoreOptions,
): Promise<Comparison> {
  checkOwnRows(where, ownRows, source);
  const { embeddings, indices, problems } = await embedReadable(where, network, source);
  try {
    if (problems.length > 0) onWarning?.(unreadableWarning(where, problems, source));
    const raw = await scoreEmbeddings(embeddings, bank, {
      onWarning,
      ownRows: ownRows && indices.map((index) => ownRows[index]),
      scoreNeighbors,
      discard,
    });
    return { source, indices, raw, unreadable: problems };
  } finally {
    embeddings.dispose();
  }
}

/** Says that images have no score. */
export function unreadableWarning(
  where: string,
  problems: readonly ImageProblem[],
  { length }: Pick<ImageSource, 'length'>,
): SaladWarning {
  return {
    code: 'IMAGES_UNREADABLE',
    message: `${where}: ${problems.length} of ${length} images could not be read and have no score; see unreadable in the result.`,
  };
}

/** @throws SHAPE_MISMATCH unless there is a row for every image. */
export function checkOwnRows(
  where: string,
  ownRows: ArrayLike<number> | undefined,
  { length }: Pick<ImageSource, 'length'>,
): void {
  check(
    ownRows === undefined || ownRows.length === length,
    'SHAPE_MISMATCH',
    () =>
      `${where}: ownRows has ${ownRows?.length} entries for ${length} images; expected one row, or -1, per image.`,
  );
}
