import type { LocatedImages } from '../images/image-source.js';
import type { ImageBatch } from '../images/pixels.js';
import { type Preparation, type PreparedImages, savedPreparation } from '../images/preparation.js';
import { type ImageRequest, type ReceivedImages, received } from '../images/read-images.js';
import { check } from '../support/check.js';

/** One batch to be made ready for the network: plain data, so that another thread can do it. */
export interface ImageJob {
  /** Which images were asked for, by their indices [images] and names, and by which call. */
  readonly request: {
    /** The call that the user made; errors name it. */
    readonly where: string;
    /** [images]: the number of each in its source. */
    readonly indices: ArrayLike<number>;
    /** The name of each. */
    readonly ids: readonly string[];
  };
  /** What the source gave of the request, or where a thread finds it. */
  readonly images: ImageBatch | LocatedImages;
  /** How they are prepared. */
  readonly preparation: ReturnType<Preparation['toJSON']>;
  /** Asks for varied copies; absent: none are made. */
  readonly variation?: {
    /** Of the random streams. */
    readonly seed: number;
    /** Another epoch gives other copies. */
    readonly epoch: number;
  };
}

/** Threads that make batches ready while the network learns; `imagePool` in 'salad-ad/node' is one. */
export interface ImagePool {
  /** How many jobs run at once. */
  readonly concurrency: number;
  /**
   * Does a job on a thread that is free.
   *
   * @param job one batch
   * @returns the batch as the network takes it
   */
  run(job: ImageJob): Promise<PreparedImages>;
}

/**
 * Makes the function by which a thread of an `ImagePool` does its jobs.
 *
 * A thread calls this once: the sources that it opens stay open. The result of a job depends neither on the thread nor on
 * the jobs before.
 *
 * @returns from a job to the batch as the network takes it; it throws INDEX_OUT_OF_RANGE, INVALID_IMAGES, INVALID_OPTION,
 *   UNKNOWN_OPTION, SHAPE_MISMATCH and PIXEL_RANGE, as the same work without threads would
 * @throws what the function throws: INDEX_OUT_OF_RANGE, INVALID_IMAGES, INVALID_OPTION, SHAPE_MISMATCH, UNKNOWN_OPTION
 * @example
 * const run = imageJobRunner(); // in a Web Worker of yours
 * onmessage = async ({ data }) => postMessage(await run(data));
 */
export function imageJobRunner(): (job: ImageJob) => Promise<PreparedImages> {
  const readLocated = locatedReader();
  return async ({ request, images, preparation, variation }) => {
    const { where } = request;
    const batch =
      'module' in images ? await readLocated(request, images) : received(request, images);
    const prepare = savedPreparation(where, preparation);
    return prepare.apply(batch, { where, variation });
  };
}

/** Reads located images of a request and checks them; a source is opened once and kept. */
export function locatedReader(): (
  request: ImageRequest,
  images: LocatedImages,
) => Promise<ReceivedImages> {
  const sources = new Map<string, Promise<OpenedImages>>();
  return async (request, { module, open, argument, indices, items }) => {
    const { where } = request;
    const key = JSON.stringify([module, open, argument]);
    const opened = sources.get(key) ?? openSource(where, module, open, argument);
    sources.set(key, opened);
    const batch = await (await opened).read(items ?? indices, where);
    return received(request, batch, items ? [...items.keys()] : indices);
  };
}

/** A source, or what reads items of its own. */
interface OpenedImages {
  read(items: ArrayLike<unknown>, where?: string): Promise<ImageBatch>;
}

async function openSource(
  where: string,
  module: string,
  open: string,
  argument: unknown,
): Promise<OpenedImages> {
  const exported = (await import(/* @vite-ignore */ module)) as Record<
    string,
    (argument: unknown) => OpenedImages | Promise<OpenedImages>
  >;
  check(
    typeof exported[open] === 'function',
    'INVALID_IMAGES',
    () =>
      `${where}: locate of the image source names '${open}' of '${module}', which exports no such function; expected one that makes an ImageSource.`,
  );
  return exported[open](argument);
}
