import { check } from '../support/check.js';
import type { ImageSource } from './image-source.js';
import { type ImageBatch, imageCount } from './pixels.js';
import { type ImageProblem, imagesText } from './problems.js';

/** Which images a source is asked for, and by which call; plain data, so that a thread can ask. */
export interface ImageRequest {
  /** The call that the user made, for messages. */
  readonly where: string;
  readonly indices: ArrayLike<number>;
  /** The name of each. */
  readonly ids: readonly string[];
}

/** The images that could be read, and why the others could not. */
export interface ReceivedImages extends ImageBatch {
  /** Of the images that came. */
  readonly indices: Int32Array;
  /** The name of each image that came. */
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

/** Reads the images at `indices` and checks them. @throws what `received` does, and what the source throws */
export async function readImages(
  where: string,
  source: Pick<ImageSource, 'ids' | 'read'>,
  indices: ArrayLike<number>,
): Promise<ReceivedImages> {
  const batch = await source.read(indices, where);
  return received(requestFor(where, source, indices), batch);
}

/**
 * Checks what a source gave, once, before anything is made of its images.
 *
 * @param named how the problems of the batch number its images, [request]; default: as the request does
 * @throws INVALID_IMAGES where pixels or masks are of another type, or problems are not those of images that are missing;
 *   INDEX_OUT_OF_RANGE; SHAPE_MISMATCH where more or fewer images or masks came than the request and `positions` say
 */
export function received(
  request: ImageRequest,
  batch: ImageBatch,
  named: ArrayLike<number> = request.indices,
): ReceivedImages {
  const { where, indices, ids } = request;
  const count = imageCount(where, batch);
  const positions = positionsOf(request, batch);
  const expected = positions?.length ?? indices.length;
  check(
    count === expected,
    'SHAPE_MISMATCH',
    () =>
      `${where}: the image source gave ${imagesText(count)} where ${indices.length} ${indices.length === 1 ? 'was' : 'were'} asked for${positions ? ` and its positions name ${expected}` : ''}; expected as many, in the same order, or positions of those that could be read.`,
  );
  const problems = problemsOf(request, positions, batch.problems, named);
  if (!positions) return { ...batch, indices: Int32Array.from(indices), ids, problems };
  return {
    ...batch,
    positions,
    indices: Int32Array.from(positions, (place) => indices[place]),
    ids: positions.map((place) => ids[place]),
    problems,
  };
}

/** Whole numbers that increase, as a plain array, for typed ones make numbers of whatever they are mapped to. */
function positionsOf(
  { where, indices }: ImageRequest,
  { positions }: ImageBatch,
): readonly number[] | undefined {
  if (positions === undefined) return undefined;
  check(
    typeof positions === 'object' && typeof positions?.length === 'number',
    'INVALID_IMAGES',
    () =>
      `${where}: positions of the image source is ${String(positions)}; expected the places of the images that came, such as [0, 2].`,
  );
  const places = Array.from(positions);
  places.forEach((place, i) => {
    check(
      Number.isInteger(place) && place >= 0 && place < indices.length,
      'INDEX_OUT_OF_RANGE',
      () =>
        `${where}: positions[${i}] of the image source is ${place} but ${imagesText(indices.length)} ${indices.length === 1 ? 'was' : 'were'} asked for; expected a place in the request, from 0 to ${indices.length - 1}, not an index of the source.`,
      { position: i, place, images: indices.length },
    );
    check(
      i === 0 || place > places[i - 1],
      'SHAPE_MISMATCH',
      () =>
        `${where}: positions of the image source are [${places}]; expected them to increase, with the images in that order.`,
    );
  });
  return places;
}

/** What a problem says where a source gives no reason. */
const UNKNOWN = { code: 'IMAGE_UNREADABLE', message: 'the source does not say why' };

/** A problem for each image that a batch lacks, with the index and name by which it was asked for. */
function problemsOf(
  { where, indices, ids }: ImageRequest,
  positions: readonly number[] | undefined,
  given: readonly ImageProblem[] = [],
  named: ArrayLike<number>,
): ImageProblem[] {
  const came = new Set(positions ?? ids.keys());
  const missing = ids.flatMap((_, place) => (came.has(place) ? [] : [place]));
  // An image that was asked for twice has a problem for each time.
  const open = new Map<number, number[]>();
  for (const place of missing) open.set(named[place], [...(open.get(named[place]) ?? []), place]);
  const reasons = new Map<number, Pick<ImageProblem, 'code' | 'message'>>();
  Array.from(given).forEach((problem, i) => {
    const { index, code, message } = (problem ?? {}) as Partial<ImageProblem>;
    check(
      typeof code === 'string' && typeof message === 'string',
      'INVALID_IMAGES',
      () =>
        `${where}: problems[${i}] of the image source is ${JSON.stringify(problem)}; expected { index, id, code, message }.`,
      { position: i },
    );
    const place = open.get(index as number)?.shift();
    check(
      place !== undefined,
      'INVALID_IMAGES',
      () =>
        `${where}: problems[${i}] of the image source is of image ${index}, which ${positions ? 'is not missing, or has a problem already' : 'came, for there are no positions'}; expected one problem for each image that positions leave out, with its index in the source.`,
      { position: i, index },
    );
    reasons.set(place, { code, message });
  });
  return missing.map((place) => {
    const { code, message } = reasons.get(place) ?? UNKNOWN;
    return { index: indices[place], id: ids[place], code, message };
  });
}
