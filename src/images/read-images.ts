import { check, checkIndices } from '../support/check.js';
import type { ImageSource } from './image-source.js';
import { type ImageBatch, imageCount } from './pixels.js';
import type { ImageProblem } from './problems.js';

/** Which images a source is asked for, and by which call; plain data, so that a thread can ask. */
export interface ImageRequest {
  /** The call that the user made, for messages. */
  readonly where: string;
  readonly indices: ArrayLike<number>;
  /** The name of each. */
  readonly ids: readonly string[];
}

/** The images that came of a request, and what was wrong with the others. */
export interface ReceivedImages extends ImageBatch {
  /** Of the images that came. */
  readonly indices: Int32Array;
  /** Likewise. */
  readonly ids: readonly string[];
  readonly problems: readonly ImageProblem[];
}

/** The request for the images at `indices` of a source. */
export function requestFor(
  where: string,
  { ids }: Pick<ImageSource, 'ids'>,
  indices: ArrayLike<number>,
): ImageRequest {
  return { where, indices, ids: Array.from(indices, (index) => ids[index]) };
}

/** Reads the images at `indices` and checks what came. @throws what `received` does, and what the source throws */
export async function readImages(
  where: string,
  source: Pick<ImageSource, 'ids' | 'read'>,
  indices: ArrayLike<number>,
): Promise<ReceivedImages> {
  const batch = await source.read(indices, where);
  return received(requestFor(where, source, indices), batch);
}

/**
 * The door between sources and all that is made of their images: what a source gave is checked here, once.
 *
 * @throws INVALID_IMAGES | INDEX_OUT_OF_RANGE; SHAPE_MISMATCH where more or fewer images or masks came than the request
 *   and `positions` say
 */
export function received(request: ImageRequest, batch: ImageBatch): ReceivedImages {
  const { where, indices, ids } = request;
  const count = imageCount(where, batch);
  const { masks, shape, positions } = batch;
  const expected = positions?.length ?? indices.length;
  check(
    count === expected,
    'SHAPE_MISMATCH',
    () =>
      `${where}: the image source gave ${count} images where ${indices.length} were asked for${positions ? ` and its positions name ${expected}` : ''}; expected as many, in the same order, or positions of those that could be read.`,
  );
  check(
    masks === undefined || masks.length === count * shape[0] * shape[1],
    'SHAPE_MISMATCH',
    () =>
      `${where}: the image source gave ${masks?.length} mask values for ${count} images of ${shape[0]} x ${shape[1]}; expected ${count * shape[0] * shape[1]}, one per pixel and none per channel.`,
    { length: masks?.length, shape },
  );
  if (!positions) return { ...batch, indices: Int32Array.from(indices), ids, problems: [] };
  checkIndices(where, 'positions of the image source', positions, indices.length);
  check(
    positions.every((place, i) => i === 0 || place > positions[i - 1]),
    'SHAPE_MISMATCH',
    () => `${where}: positions of the image source are [${positions}]; expected them to increase.`,
  );
  return {
    ...batch,
    indices: Int32Array.from(positions, (place) => indices[place]),
    ids: positions.map((place) => ids[place]),
    problems: problemsIn(request, batch),
  };
}

/** What is said where a source gives no reason. */
const UNKNOWN = { code: 'IMAGE_UNREADABLE', message: 'the source does not say why' };

/** A problem for each image that a batch lacks, by the index and name that it has for who asked. */
export function problemsIn(
  { indices, ids }: Pick<ImageRequest, 'indices' | 'ids'>,
  { positions, problems = [] }: Pick<ImageBatch, 'positions' | 'problems'>,
): ImageProblem[] {
  if (!positions) return [];
  const came = new Set(positions);
  const missing = ids.flatMap((_, place) => (came.has(place) ? [] : [place]));
  return missing.map((place, i) => {
    const { code, message } = problems[i] ?? UNKNOWN;
    return { index: indices[place], id: ids[place], code, message };
  });
}
