import type { FrozenEncoderOptions } from '../encoders/frozen-encoder-options.js';
import type { Session } from '../encoders/session-maps.js';
import { type ImageBatch, unitRange } from '../images/pixels.js';
import type { ReceivedImages } from '../images/read-images.js';
import { QUARTER } from '../learning/range-watch.js';
import type { ScoreResult } from '../model/results.js';
import type { DecisionThreshold } from '../support/decision-threshold.js';
import { SaladError } from '../support/errors.js';

/** A tensor of it, as far as it is asked. */
interface SessionTensor {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | bigint>;
  getData?(): Promise<ArrayLike<number | bigint>>;
  dispose?(): void;
}

/** What a session is run with. */
export interface Runtime {
  readonly session: Session;
  /** The class Tensor of the same onnxruntime. */
  readonly Tensor: NonNullable<FrozenEncoderOptions['Tensor']>;
}

/** What is read of a graph, where it has it. */
const OUTPUTS = [
  'score',
  'relative',
  'angular',
  'cells',
  'normalized',
  'verdict',
  'nearestRows',
  'nearestAngles',
] as const;

/** What is read besides where each cell is asked for. */
const CELL_OUTPUTS = ['cellDistances', 'cellRows'] as const;

type OutputName = (typeof OUTPUTS)[number] | (typeof CELL_OUTPUTS)[number];

type Outputs = Partial<Record<OutputName, readonly number[] | Float32Array>> & {
  readonly neighbors: number;
};

/** Told of the cells of a batch: the images by their index, the distance of each cell, and the row of the bank that it is nearest to. */
export type OnCells = (
  indices: ArrayLike<number>,
  distances: readonly Float32Array[],
  rows: readonly Int32Array[],
) => void;

/** What a session says of images as they came from their source. @throws PIXEL_RANGE | INVALID_EMBEDDING | INVALID_OPTION */
export async function scoresOf(
  where: string,
  runtime: Runtime,
  images: ReceivedImages,
  threshold: DecisionThreshold | undefined,
  onCells?: OnCells,
): Promise<ScoreResult> {
  const asked = onCells ? [...OUTPUTS, ...CELL_OUTPUTS] : OUTPUTS;
  const outputs = await ran(where, runtime, images, asked);
  const scores = Float32Array.from(outputs.score ?? []);
  refuseInvalid(where, images, scores);
  const { neighbors } = outputs;
  const each = (name: OutputName) => outputs[name] && Float32Array.from(outputs[name]);
  const rows = Int32Array.from(outputs.nearestRows ?? []);
  const angles = each('nearestAngles') as Float32Array;
  const [cells, normalized] = [each('cells'), each('normalized')];
  if (onCells && scores.length > 0) {
    const [distances, nearest] = [each('cellDistances') as Float32Array, outputs.cellRows ?? []];
    const places = distances.length / scores.length;
    onCells(
      images.indices,
      perImage(scores.length, places, (from, to) => distances.slice(from, to)),
      perImage(scores.length, places, (from, to) => Int32Array.from(nearest.slice(from, to))),
    );
  }
  return {
    ids: images.ids,
    scores,
    relative: each('relative') as Float32Array,
    angular: each('angular') as Float32Array,
    ...(cells && { cells }),
    ...(normalized && { normalized }),
    ...(threshold && {
      abnormal: Array.from(outputs.verdict ?? [], (verdict) => verdict === 1),
      threshold: threshold.value,
      decisionThreshold: threshold,
    }),
    nearestRows: perImage(scores.length, neighbors, (from, to) => rows.slice(from, to)),
    nearestAngles: perImage(scores.length, neighbors, (from, to) => angles.slice(from, to)),
    scoreNeighbors: neighbors,
  };
}

/** The highest pixel of each image, in unit range; of one that is bright enough for `RangeWatch` the first that is so. */
export function highestOf({ pixels, bitsStored = 16, indices }: ReceivedImages): Float32Array {
  const size = pixels.length / indices.length;
  const white = whiteOf(pixels, bitsStored);
  const enough = QUARTER * white;
  return Float32Array.from(indices, (_, image) => {
    let most = 0;
    for (let i = image * size; i < (image + 1) * size && most < enough; i++)
      if (pixels[i] > most) most = pixels[i];
    return most / white;
  });
}

function perImage<Row>(count: number, width: number, slice: (from: number, to: number) => Row) {
  return Array.from({ length: count }, (_, i) => slice(i * width, (i + 1) * width));
}

/** Of no image there is nothing to run. */
const NOTHING: Outputs = { score: [], relative: [], angular: [], nearestAngles: [], neighbors: 0 };

async function ran(
  where: string,
  { session, Tensor }: Runtime,
  { pixels, shape, bitsStored = 16, indices }: ReceivedImages,
  asked: readonly OutputName[],
): Promise<Outputs> {
  if (indices.length === 0) return NOTHING;
  const names = asked.filter((name) => session.outputNames.includes(name));
  const feeds = {
    images: new Tensor('float32', new Float32Array(pixels), [indices.length, ...shape]),
    maxValue: new Tensor('float32', Float32Array.of(whiteOf(pixels, bitsStored)), [1]),
  };
  let found: Record<string, SessionTensor>;
  try {
    found = await session.run(feeds, names);
  } catch (cause) {
    throw new SaladError(
      'INVALID_OPTION',
      `${where}: the session did not run on ${indices.length} images of [${shape.join(', ')}] (${String(cause).slice(0, 200)}); expected a session of the file that was given, by an onnxruntime of at least 1.17.`,
      { shape },
      { cause },
    );
  }
  const neighbors = found.nearestRows?.dims[1] ?? 0;
  const values = names.map(async (name) => {
    const data = (await found[name].getData?.()) ?? found[name].data;
    // A copy: the session may use the memory again. Whole numbers come as 64 bits.
    const copy = data instanceof Float32Array ? data.slice() : Array.from(data, Number);
    found[name].dispose?.();
    return [name, copy] as const;
  });
  return { ...Object.fromEntries(await Promise.all(values)), neighbors };
}

function whiteOf(pixels: ImageBatch['pixels'], bitsStored: number): number {
  if (pixels instanceof Float32Array) return 1;
  return pixels instanceof Uint16Array ? 2 ** bitsStored - 1 : 255;
}

/** The error that the model itself raises for an image that the graph calls invalid. @throws PIXEL_RANGE | INVALID_EMBEDDING */
function refuseInvalid(where: string, images: ReceivedImages, scores: Float32Array): void {
  const invalid = scores.findIndex(Number.isNaN);
  if (invalid === -1) return;
  unitRange(images, { where, ids: images.ids });
  throw new SaladError(
    'INVALID_EMBEDDING',
    `${where}: the embedding of image '${images.ids[invalid]}' is no finite vector of length 1; expected one; the network is dead for such an image: look at it, or learn again with a lower learningRate.`,
    { id: images.ids[invalid] },
  );
}
