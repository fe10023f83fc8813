import { type Augmentation, augment, augmentMasks } from '../images/augmentation.js';
import type { LocatedImages } from '../images/image-source.js';
import { prepareMasks } from '../images/masks.js';
import { normalizationFromJSON } from '../images/normalization-from-json.js';
import { type ImageBatch, imageCount, type UnreadableReason } from '../images/pixels.js';
import { type Preparation, prepareImages } from '../images/prepare.js';
import { allReadable, readableOnly, readablePositions } from '../images/unreadable.js';
import { check, checkIndices } from '../support/check.js';
import { RandomStream } from '../support/random.js';

/** Which variation each image of a batch gets; the streams are named ['augment', epoch, row]. */
export interface Variation {
  readonly limits: Augmentation;
  readonly seed: number;
  readonly epoch: number;
  /** [images]: the row of each. */
  readonly rows: ArrayLike<number>;
}

/** One batch to be made ready for the network: plain data, so that another thread can do it. */
export interface ImageJob {
  readonly images: ImageBatch | LocatedImages;
  /** The normalisation as `{ name, options }`. */
  readonly preparation: Omit<Preparation, 'normalization'> & {
    readonly normalization: { readonly name: string; readonly options: Record<string, unknown> };
  };
  readonly variation?: Variation;
}

/** A batch as the network takes it: the images that could be read. */
export interface PreparedImages {
  /** [readable, ...inputShape]. */
  readonly images: Float32Array;
  /** The same, varied; where a variation was asked for. */
  readonly views?: Float32Array;
  /** [readable, height, width], 0 to 1: how much each pixel counts; where the source gives masks. */
  readonly masks?: Float32Array;
  /** The same of the views. */
  readonly viewMasks?: Float32Array;
  /** Positions, in the batch that was asked for, of images that could not be read and are left out. */
  readonly unreadable?: readonly number[];
  /** Why, one for each of `unreadable`. */
  readonly reasons?: readonly UnreadableReason[];
}

/** Threads that make batches ready while the network learns; `imagePool` in 'salad-ad/node' is one. */
export interface ImagePool {
  /** Jobs that run at a time. */
  readonly size: number;
  run(job: ImageJob): Promise<PreparedImages>;
}

/**
 * What a thread of an `ImagePool` does with its jobs. Sources that it opens stay open.
 *
 * The result does not depend on the thread, nor on the jobs before.
 *
 * @example
 * const run = imageJobRunner(); // in a Web Worker of yours
 * onmessage = async ({ data }) => postMessage(await run(data));
 */
export function imageJobRunner(): (job: ImageJob) => Promise<PreparedImages> {
  const read = locatedReader();
  return async ({ images, preparation, variation }) => {
    const batch = 'pixels' in images ? images : await read(images);
    const normalization = normalizationFromJSON(preparation.normalization);
    return prepareBatch(batch, { ...preparation, normalization }, variation);
  };
}

/** Preparation, and variation where it is asked for, of the images that could be read. */
export function prepareBatch(
  batch: ImageBatch,
  preparation: Preparation,
  variation?: Variation,
): PreparedImages {
  if (allReadable(batch)) return prepareReadable(batch, preparation, variation);
  const { unreadable, reasons } = batch;
  const kept = readablePositions(imageCount('prepareBatch', batch), batch);
  const rows = variation && kept.map((position) => variation.rows[position]);
  const nothing = new Float32Array(0);
  const prepared =
    kept.length > 0
      ? prepareReadable(readableOnly(batch), preparation, rows && { ...variation, rows })
      : { images: nothing, ...(variation && { views: nothing.slice() }) };
  return { ...prepared, unreadable, reasons };
}

function prepareReadable(
  batch: ImageBatch,
  preparation: Preparation,
  variation?: Variation,
): PreparedImages {
  const images = prepareImages(batch, preparation);
  const { inputShape, resize } = preparation;
  const masks = prepareMasks(batch, [inputShape[0], inputShape[1]], resize);
  const prepared = { images, ...(masks && { masks }) };
  if (!variation) return prepared;
  const { limits, seed, epoch, rows } = variation;
  const stream = (i: number) => new RandomStream(seed, ['augment', epoch, rows[i]]);
  const shape = [rows.length, ...inputShape] as const;
  const views = augment(images, shape, stream, limits);
  if (!masks) return { images, views };
  const [count, height, width] = shape;
  const viewMasks = augmentMasks(masks, [count, height, width, 1], stream, limits);
  return { ...prepared, views, viewMasks };
}

/** The images at `indices`. @throws SHAPE_MISMATCH where the source gives more or fewer. */
export async function readImages<Item = number>(
  source: { read(items: ArrayLike<Item>): Promise<ImageBatch> },
  indices: ArrayLike<Item>,
): Promise<ImageBatch> {
  const batch = await source.read(indices);
  const count = imageCount('ImageSource.read', batch);
  check(
    count === indices.length,
    'SHAPE_MISMATCH',
    () =>
      `ImageSource.read: ${indices.length} images were asked for but ${count} came back; expected as many, in the same order.`,
  );
  if (batch.unreadable)
    checkIndices('ImageSource.read', 'unreadable', batch.unreadable, indices.length);
  return batch;
}

/** Reads located images; a source is opened once and kept. */
export function locatedReader(): (images: LocatedImages) => Promise<ImageBatch> {
  const sources = new Map<string, Promise<OpenedImages>>();
  return async ({ module, open, argument, indices, items = indices }) => {
    const key = JSON.stringify([module, open, argument]);
    const opened = sources.get(key) ?? openSource(module, open, argument);
    sources.set(key, opened);
    return readImages(await opened, items);
  };
}

/** A source, or what reads items of its own. */
interface OpenedImages {
  read(items: ArrayLike<unknown>): Promise<ImageBatch>;
}

async function openSource(module: string, open: string, argument: unknown): Promise<OpenedImages> {
  const exported = (await import(/* @vite-ignore */ module)) as Record<
    string,
    (argument: unknown) => OpenedImages | Promise<OpenedImages>
  >;
  check(
    typeof exported[open] === 'function',
    'INVALID_IMAGES',
    () =>
      `ImageSource.locate: '${module}' exports no function '${open}'; expected one that makes an ImageSource.`,
  );
  return exported[open](argument);
}
