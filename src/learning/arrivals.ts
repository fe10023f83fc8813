import type { SaladWarning } from '../core/warning.js';
import type { PreparedImages } from '../data/image-job.js';
import type { ImageProblem } from '../data/problem-report.js';
import type { ImageSource } from '../images/image-source.js';
import { readablePositions, unreadableOf } from '../images/unreadable.js';
import { SaladError } from '../support/errors.js';

/** Which of the images at `indices` came, and what was wrong with the others. */
export interface Arrivals {
  readonly indices: Int32Array;
  readonly problems: readonly ImageProblem[];
}

/** What came of a read of the images at `indices`. */
export function arrivals(
  { ids }: Pick<ImageSource, 'ids'>,
  indices: Int32Array,
  prepared: PreparedImages,
): Arrivals {
  if (!prepared.unreadable) return { indices, problems: [] };
  const kept = readablePositions(indices.length, prepared);
  return {
    indices: Int32Array.from(kept, (position) => indices[position]),
    problems: unreadableOf(prepared).map(({ position, reason }) => {
      const index = indices[position];
      return { index, id: ids[index], code: reason.code, message: reason.message };
    }),
  };
}

/** Indices of the images of a source besides those that could not be read. */
export function readIndices(
  { length }: Pick<ImageSource, 'length'>,
  problems: readonly ImageProblem[],
): number[] {
  return readablePositions(length, { unreadable: problems.map(({ index }) => index) });
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

/** Refuses what could not be read, where a result has no place for an image that is missing. */
export function checkAllRead(where: string, problems: readonly ImageProblem[]): void {
  if (problems.length === 0) return;
  const [{ id, code, message }] = problems;
  throw new SaladError(
    'IMAGE_UNREADABLE',
    `${where}: ${problems.length} images could not be read, the first is '${id}' (${code}: ${message}); expected every image; leave those out, see checkImages.`,
    { problems },
  );
}
