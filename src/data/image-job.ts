import type { LocatedImages } from '../images/image-source.js';
import type { ImageBatch } from '../images/pixels.js';
import {
  type PreparedImages,
  preparationFromJSON,
  type SavedPreparation,
  type Variation,
} from '../images/preparation.js';
import { type ImageRequest, received } from '../images/read-images.js';
import { check } from '../support/check.js';

/** One batch to be made ready for the network: plain data, so that another thread can do it. */
export interface ImageJob {
  readonly request: ImageRequest;
  /** What the source gave of the request, or where a thread finds it. */
  readonly images: ImageBatch | LocatedImages;
  readonly preparation: SavedPreparation;
  readonly variation?: Variation;
}

/** Threads that make batches ready while the network learns; `imagePool` in 'salad-ad/node' is one. */
export interface ImagePool {
  /** Jobs that run at a time. */
  readonly concurrency: number;
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
  const readLocated = locatedReader();
  return async ({ request, images, preparation, variation }) => {
    const { where } = request;
    const batch = 'module' in images ? await readLocated(where, images) : images;
    const prepare = preparationFromJSON(preparation, undefined, where);
    return prepare.apply(received(request, batch), { where, variation });
  };
}

/** Reads located images for the call `where`; a source is opened once and kept. */
export function locatedReader(): (where: string, images: LocatedImages) => Promise<ImageBatch> {
  const sources = new Map<string, Promise<OpenedImages>>();
  return async (where, { module, open, argument, indices, items = indices }) => {
    const key = JSON.stringify([module, open, argument]);
    const opened = sources.get(key) ?? openSource(where, module, open, argument);
    sources.set(key, opened);
    return (await opened).read(items, where);
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
