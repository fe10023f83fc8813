import type { ImageNormalization } from '../images/image-normalization.js';
import type { Preparation } from '../images/preparation.js';
import type { ResizePolicy } from '../images/resize.js';
import type { SaladModel } from '../model/salad-model.js';
import { type BankValues, bankScores } from './bank-nodes.js';
import { type BankPrecision, bankRows, cellRows } from './bank-rows.js';
import { type CellValues, cellScores } from './cell-nodes.js';
import { reconstructionErrors } from './decoder-nodes.js';
import type { EncoderFile } from './encoder-file.js';
import { encoded } from './encoder-nodes.js';
import type { Graph, Value } from './graph.js';
import type { MapValue } from './layer-nodes.js';
import { normalizedImages } from './normalization-nodes.js';
import { resized } from './resize-nodes.js';
import type { SavedContents } from './saved-contents.js';
import { WeightCursor, type WeightPrecision } from './weights.js';

/** What is done to images, of a model or as JSON. */
export type Steps = Pick<Preparation, 'inputShape' | 'resize' | 'recipe'> & {
  readonly imageNormalization: Pick<ImageNormalization, 'name' | 'options'>;
};

/** How numbers are held in the file, and what no file of a model holds. */
export interface HeldOptions {
  readonly weights: WeightPrecision;
  readonly bank: BankPrecision;
  /** Weights of efficientNetLite0. */
  readonly encoder?: Uint8Array;
  /** The graph of a frozenEncoder. */
  readonly file?: EncoderFile;
}

/** What the nodes of one model say of images. */
export interface ModelValues {
  readonly bank: BankValues;
  readonly cells?: CellValues;
  /** [images], how badly the decoder repeats them; absent where it was not asked for. */
  readonly error?: Value;
  /** [images], whether an embedding cannot be used. */
  readonly unusable: Value;
  /** The largest distance of a row of its banks from what it was. */
  readonly bankLoss: number;
}

/** A model from images in unit range to its scores, and to its reconstruction errors where they are asked for. */
export async function modelNodes(
  where: string,
  graph: Graph,
  given: Value,
  model: SaladModel,
  { description, tensors }: SavedContents,
  { weights, bank, encoder, file }: HeldOptions,
  withError = false,
): Promise<ModelValues> {
  const images = preparedImages(where, graph, given, model.preparation);
  const parts = {
    where,
    graph,
    images,
    cursor: new WeightCursor(tensors, model.backbone.trainable.length),
    precision: weights,
    given: encoder,
    file,
  };
  const values = await encoded(model.backbone, parts);
  const { embeddings, maps } = values;
  const { settings } = description;
  const rows = bankRows(where, graph, description, tensors, bank);
  const places = settings.score === 'embedding' ? undefined : cellRows(graph, tensors, bank);
  return {
    bank: bankScores(graph, embeddings, rows, settings.scoreNeighbors),
    ...(places && { cells: cellScores(graph, maps, places, settings.cells) }),
    ...(withError && { error: await reconstructionErrors(model.backbone, parts, values) }),
    unusable: strayFromUnit(graph, embeddings),
    bankLoss: Math.max(rows.loss, places?.loss ?? 0),
  };
}

/** Images in unit range as a network takes them. @throws INVALID_OPTION for a normalisation of the user's own */
export function preparedImages(
  where: string,
  graph: Graph,
  images: Value,
  preparation: Steps,
): MapValue {
  const { inputShape, imageNormalization } = preparation;
  const policy = resizeOf(preparation);
  const pixels = policy ? resized(graph, images, inputShape, policy) : images;
  const [height, width, channels] = inputShape;
  const value = normalizedImages(where, graph, pixels, inputShape, imageNormalization);
  return { value, size: [height, width], channels };
}

/** The only height and width that a model takes; undefined where it takes any. */
export function fixedSize(preparation: Steps): readonly [number, number] | undefined {
  const [height, width] = preparation.inputShape;
  return resizeOf(preparation) ? undefined : [height, width];
}

/** By the model's own policy; else by that of its recipe, so that whoever feeds the pixels of files need not resize them. */
function resizeOf({ inputShape, resize, recipe }: Steps): ResizePolicy | undefined {
  const [height, width] = recipe?.size ?? [];
  return (
    resize ?? (height === inputShape[0] && width === inputShape[1] ? recipe?.resize : undefined)
  );
}

/** [images], whether an embedding is not of length 1, as the library refuses it; also where it is NaN. */
export function strayFromUnit(graph: Graph, embeddings: Value): Value {
  const squares = graph.node(
    'ReduceSum',
    [graph.node('Mul', [embeddings, embeddings]), graph.longs(1)],
    { keepdims: { int: 0 } },
  );
  const off = graph.node('Abs', [graph.node('Sub', [squares, graph.float(1)])]);
  return graph.node('Not', [graph.node('LessOrEqual', [off, graph.float(0.01)])]);
}
