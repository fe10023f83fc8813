import { isLibraryNormalization } from '../images/image-normalization.js';
import type { Preparation, PreparedImages } from '../images/preparation.js';
import type { ReceivedImages } from '../images/read-images.js';
import { hostTurns } from '../support/host.js';

/** Values that are prepared without a break: some milliseconds of work. */
const PIECE = 2 ** 17;

/** What `preparation.apply` makes of a batch. Between some of its images and the next the host has its turn. */
export async function prepareInPieces(
  batch: ReceivedImages,
  preparation: Preparation,
  options: NonNullable<Parameters<Preparation['apply']>[1]>,
): Promise<PreparedImages> {
  const [height, width, channels] = batch.shape;
  const step = Math.max(1, Math.floor(PIECE / (height * width * channels)));
  const count = batch.indices.length;
  // A customNormalization may look at all images of a batch.
  const divisible = isLibraryNormalization(preparation.imageNormalization.name);
  if (count <= step || !divisible) return preparation.apply(batch, options);
  const giveHostItsTurn = hostTurns();
  const pieces: PreparedImages[] = [];
  for (let first = 0; first < count; first += step) {
    await giveHostItsTurn();
    pieces.push(preparation.apply(pieceOf(batch, first, Math.min(first + step, count)), options));
  }
  return { ...joined(pieces), problems: batch.problems };
}

/** The images `first` to `end` of a batch. */
function pieceOf(batch: ReceivedImages, first: number, end: number): ReceivedImages {
  const { pixels, masks, shape, indices, ids, positions } = batch;
  const area = shape[0] * shape[1];
  const size = area * shape[2];
  return {
    ...batch,
    pixels: pixels.subarray(first * size, end * size),
    ...(masks && { masks: masks.subarray(first * area, end * area) }),
    ...(positions && { positions: positions.slice(first, end) }),
    indices: indices.subarray(first, end),
    ids: ids.slice(first, end),
    problems: [],
  };
}

function joined(pieces: readonly PreparedImages[]): Omit<PreparedImages, 'problems'> {
  const [{ views, masks, viewMasks }] = pieces;
  const of = (name: 'images' | 'highest' | 'views' | 'masks' | 'viewMasks') =>
    concatenated(pieces.map((piece) => piece[name] as Float32Array));
  return {
    images: of('images'),
    highest: of('highest'),
    ...(views && { views: of('views') }),
    ...(masks && { masks: of('masks') }),
    ...(viewMasks && { viewMasks: of('viewMasks') }),
    indices: Int32Array.from(pieces.flatMap(({ indices }) => Array.from(indices))),
  };
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
