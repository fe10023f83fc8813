import { check, said } from '../support/check.js';
import type { SaladWarning } from '../support/warning.js';
import type { ImageRecipe } from './image-recipe.js';
import type { ImageBatch } from './pixels.js';

/**
 * Indexed images: what training reads from.
 *
 * Every training image owns a row of the memory bank, so images are addressed by index; the index
 * of an image in its source is the number of its row.
 */
export interface ImageSource {
  /** How many images there are. */
  readonly length: number;
  /**
   * Reads the images at `indices`, in that order; called again before earlier reads have ended.
   *
   * @param indices [images], whole numbers from 0 to length - 1
   * @param where the call that the images are read for, such as 'SaladModel.fit'; errors name it
   * @returns those that could be read; where some could not, `positions` and `problems` say which and why
   */
  read(indices: ArrayLike<number>, where?: string): Promise<ImageBatch>;
  /** One name per image, for results and reports; never a patient's identifier. */
  readonly ids: readonly string[];
  /** [length], 0 = normal, 1 = known anomaly; absent where nothing is known: a fit then takes all for normal, and `normalsOf` refuses. */
  readonly labels?: ArrayLike<number>;
  /** One patient key per image, used to refuse overlap and never saved; absent where patients are not known. */
  readonly patients?: readonly string[];
  /** How its images are made of files; absent where they are arrays, whose making is not known. */
  readonly recipe?: ImageRecipe;
  /** What is doubtful about its labels, such as folders that look like classes and were not used; `SaladModel.fit` passes it on. Absent where nothing is. */
  readonly warnings?: readonly SaladWarning[];
  /**
   * Where a worker finds the images at `indices` by itself, so that it is the worker that reads and
   * decodes them; without it they are read here and sent.
   *
   * @param indices [images], whole numbers from 0 to length - 1
   * @returns a module to import, and what to read by its function; plain data
   */
  locate?(indices: ArrayLike<number>): LocatedImages;
}

/**
 * Images as another thread reaches them: `(await import(module))[open](argument).read(items ?? indices)`.
 *
 * What was opened is kept for every `argument`, so that what differs from batch to batch goes into `items`.
 */
export interface LocatedImages {
  /** URL of a module. */
  readonly module: string;
  /** Its function that makes an `ImageSource` or whatever reads `items`, or the promise of one. */
  readonly open: string;
  /** What the function is given; JSON. */
  readonly argument: unknown;
  /** [images]: which images to read. */
  readonly indices: readonly number[];
  /**
   * What is read instead of indices, one for each of them, such as records, in JSON; absent where indices are read.
   * A problem of such a batch has the place among the items as its index.
   */
  readonly items?: readonly unknown[];
}

/** A source, or INVALID_IMAGES. @param expected what else is taken in its place */
export function checkSource(
  where: string,
  source: Pick<ImageSource, 'ids' | 'read'>,
  expected = '',
  name = 'images',
): void {
  check(
    typeof source?.read === 'function' && Array.isArray(source.ids),
    'INVALID_IMAGES',
    () =>
      `${where}: ${name} is ${source && typeof source === 'object' ? 'an object without read() and ids' : said(source)}; expected an ImageSource (see folderSource and arraySource)${expected}.`,
  );
}
