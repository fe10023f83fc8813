import type {
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  TensorContainer,
} from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone, Encoded } from '../backbones/backbone.js';
import { type CellOptions, cellsOf } from '../cells/cells-of.js';
import { checkSquaredLengths, squaredLengths } from '../core/check-embeddings.js';
import { RowCollector } from '../core/row-collector.js';
import type { ImageSource } from '../images/image-source.js';
import { checkAllRead, type ImageProblem } from '../images/problems.js';
import { forEachBatch } from '../learning/intake.js';
import { check } from '../support/check.js';
import { meanOfEach } from '../support/sums.js';
import { checkDecoded, checkEncoded } from './check-encoded.js';
import type { Network } from './network.js';

/** Images that go through the network at a time when nothing is learnt, at most. */
export const INFERENCE_BATCH = 64;

/** Pixels that do, at most: of large images fewer, or the thread would not be free for half a second. */
export const INFERENCE_PIXELS = 400_000;

/** Images that go through this network at a time: 64 up to 79 px, 7 of 224 px. */
function inferenceBatch({ preparation }: Network): number {
  const [height, width] = preparation.inputShape;
  const most = Math.floor(INFERENCE_PIXELS / (height * width));
  return Math.min(INFERENCE_BATCH, Math.max(1, most));
}

/**
 * What `use` makes of images as a backbone encodes them in inference mode, at once or later; all but what it returns is
 * freed, as by `tf.tidy`.
 */
export async function inferred<Result extends TensorContainer>(
  backbone: Backbone,
  images: Tensor4D,
  use: (encoded: Encoded) => Result,
): Promise<Result> {
  if (!backbone.infer) return tf.tidy(() => use(backbone.encode(images, false)));
  const { embeddings, features, maps } = await backbone.infer(images);
  try {
    // What `use` returns may be what it was given, so that it gets a second handle of each.
    return tf.tidy(() =>
      use({
        embeddings: tf.clone(embeddings),
        ...(features && { features: tf.clone(features) }),
        ...(maps && { maps: maps.map((map) => tf.clone(map)) }),
      }),
    );
  } finally {
    tf.dispose([embeddings, features, maps] as TensorContainer);
  }
}

/** Unit embeddings of the images of a source that could be read, in order. */
export interface Embedded {
  /** [readable, embeddingSize]; the caller disposes it. */
  readonly embeddings: Tensor2D;
  /** Which images they are of. */
  readonly indices: readonly number[];
  /** The others. */
  readonly problems: readonly ImageProblem[];
}

/** What is done with the cells of images that go through the network anyway. */
export interface CellVisitor {
  readonly options: CellOptions;
  /** Takes the cells of some images, [count, cells, dim]; the tensor is freed after its turn. */
  readonly visit: (cells: Tensor3D, indices: Int32Array) => void | Promise<void>;
}

/** Unit embeddings of a whole source, in order. @returns [length, embeddingSize]; the caller disposes it. */
export async function embedAll(
  where: string,
  network: Network,
  source: ImageSource,
  cells?: CellVisitor,
): Promise<Tensor2D> {
  const { embeddings, problems } = await embedReadable(where, network, source, cells);
  if (problems.length > 0) embeddings.dispose();
  checkAllRead(where, problems);
  return embeddings;
}

/** Unit embeddings of what can be read of a source; one that raises such errors itself gives them all. Cells come of the same pass. */
export async function embedReadable(
  where: string,
  network: Network,
  source: ImageSource,
  cells?: CellVisitor,
): Promise<Embedded> {
  const { backbone } = network;
  const collected = new RowCollector(source.length, backbone.embeddingSize);
  const read: number[] = [];
  try {
    const visit = async (images: Tensor4D, indices: Int32Array) => {
      read.push(...indices);
      const { embeddings, ...others } = (await inferred(backbone, images, (encoded) => {
        checkEncoded(where, encoded, images, backbone);
        return {
          embeddings: encoded.embeddings,
          lengths: squaredLengths(encoded.embeddings),
          ...(cells && { cells: cellsIn(where, encoded, cells.options) }),
        };
      })) as { embeddings: Tensor2D; lengths: Tensor1D; cells?: Tensor3D };
      collected.add(embeddings);
      try {
        const squared = await others.lengths.data();
        checkSquaredLengths(where, squared, (row) => `image '${source.ids[indices[row]]}'`);
        if (others.cells) await cells?.visit(others.cells, indices);
      } finally {
        tf.dispose(others);
      }
    };
    const problems = await forEachBatch(where, source, inferenceBatch(network), network, visit);
    return { embeddings: collected.take(), indices: read, problems };
  } finally {
    collected.dispose();
  }
}

/** @throws INVALID_OPTION where the encoder shows no maps, or not those that cells are to be read from */
function cellsIn(where: string, { maps }: Encoded, options: CellOptions): Tensor3D {
  check(
    maps !== undefined,
    'INVALID_OPTION',
    () =>
      `${where}: the score asks for cells but the backbone shows no maps; expected encode to return maps; set score to 'embedding', or name layers: layersBackbone({ encoder, maps }).`,
  );
  return cellsOf(maps, options, where);
}

/** Whether a network has the cells that are asked for, before hours of training. @throws INVALID_OPTION */
export async function checkCellsOf(
  where: string,
  { backbone }: Network,
  { levels, grid }: CellOptions,
): Promise<void> {
  const image = tf.zeros<tf.Rank.R4>([1, ...backbone.inputShape]);
  try {
    const cells = await inferred(backbone, image, (encoded) =>
      cellsIn(where, encoded, { levels, grid }),
    );
    cells.dispose();
  } finally {
    image.dispose();
  }
}

/** What the decoder makes of a whole source, in order. @returns [length, ...inputShape]; the caller disposes it. */
export async function reconstructAll(
  where: string,
  network: Network,
  source: ImageSource,
): Promise<Tensor4D> {
  const reconstruct = reconstructionBy(where, network);
  const batches: Tensor4D[] = [];
  try {
    const visit = async (images: Tensor4D) => {
      batches.push(await inferred(network.backbone, images, reconstruct(images)));
    };
    checkAllRead(where, await forEachBatch(where, source, inferenceBatch(network), network, visit));
    return tf.concat(batches, 0);
  } finally {
    tf.dispose(batches);
  }
}

/** Mean squared error of each image of a source, in order. */
export async function reconstructionErrorsOf(
  where: string,
  network: Network,
  source: ImageSource,
): Promise<Float32Array> {
  const reconstruct = reconstructionBy(where, network);
  const errors: number[] = [];
  const visit = async (images: Tensor4D) => {
    const means = await inferred(network.backbone, images, (encoded) =>
      meanOfEach(tf.squaredDifference(reconstruct(images)(encoded), images)),
    );
    errors.push(...(await means.data()));
    means.dispose();
  };
  checkAllRead(where, await forEachBatch(where, source, inferenceBatch(network), network, visit));
  return Float32Array.from(errors);
}

/** @throws NO_DECODER, and SHAPE_MISMATCH where other images come out of it */
function reconstructionBy(
  where: string,
  { backbone }: Network,
): (images: Tensor4D) => (encoded: Encoded) => Tensor4D {
  check(
    backbone.decode !== undefined,
    'NO_DECODER',
    () => `${where}: the backbone has no decoder; use one with decode.`,
  );
  const decode = backbone.decode.bind(backbone);
  return (images) => (encoded) => {
    const decoded = decode(encoded, false);
    checkDecoded(where, decoded, images);
    return decoded;
  };
}
