import { check, checkKnownOptions, checkObject } from '../support/check.js';
import { RandomStream } from '../support/random.js';
import {
  type Augmentation,
  augment,
  augmentMasks,
  checkAugmentation,
  noAugmentation,
} from './augmentation.js';
import { checkTaken } from './check-taken.js';
import type { ImageNormalization } from './image-normalization.js';
import { checkImageRecipe, type ImageRecipe } from './image-recipe.js';
import { normalizationFromJSON } from './normalization-from-json.js';
import { type ImageBatch, type ImageShape, imageCount, unitRange } from './pixels.js';
import { type ImageProblem, imagesText } from './problems.js';
import { checkResizePolicy, type ResizePolicy, resize } from './resize.js';

/** Which variation images get: the streams are named ['augment', epoch, index of the image]. */
export type Variation = NonNullable<NonNullable<Parameters<Preparation['apply']>[1]>['variation']>;

/** What a preparation is made of. */
export type PreparationSteps = Omit<Preparation, 'apply' | 'toJSON'>;

/** A preparation as JSON. */
export type SavedPreparation = ReturnType<Preparation['toJSON']>;

/** A batch as the network takes it. */
export interface PreparedImages {
  /** [images, ...inputShape], normalised. */
  readonly images: Float32Array;
  /** [images, ...inputShape], the same images varied; absent where no variation was asked for. */
  readonly views?: Float32Array;
  /** [images, height, width], 0 to 1: how much each pixel counts; absent where the source gives no masks. */
  readonly masks?: Float32Array;
  /** [images]: the highest pixel of each in unit range, before it is resized and normalised; 1 is white. */
  readonly highest: Float32Array;
  /** [images, height, width], the masks moved as the views are; absent where there are no views or no masks. */
  readonly viewMasks?: Float32Array;
  /** [images]: the number of each image in its source. */
  readonly indices: Int32Array;
  /** Images that could not be read. */
  readonly problems: readonly ImageProblem[];
}

/**
 * All that is done to images between their source and the network, as one value; a step that is left out does nothing.
 *
 * A step that comes later is a field of its own, optional, and one that is left out must change no pixel: so
 * what was saved before it still means the same.
 */
export interface Preparation {
  /** How the images were made of files, which `apply` does not do; absent where they were not, or nobody knows. */
  readonly recipe?: ImageRecipe;
  /** Of the network's input; its channels must be those of the images. */
  readonly inputShape: ImageShape;
  /** How images of another height and width are brought to it; without one they are an error. */
  readonly resize?: ResizePolicy;
  /** Brings pixels to a common scale. */
  readonly imageNormalization: ImageNormalization;
  /** How far training images are varied, after all else; without it they are not. */
  readonly augmentation?: Augmentation;
  /**
   * Scales pixels to [0, 1], resizes and normalises them; then varies a copy, if asked to.
   *
   * @param batch what `read` of a source returns; images [count, height, width, channels]
   * @returns typed arrays in the input shape of the network
   * @throws PIXEL_RANGE, SHAPE_MISMATCH
   */
  apply(
    batch: ImageBatch & {
      /** [images]: the number of each in its source; absent where its place in the batch serves. */
      readonly indices?: Int32Array;
      /** The name of each for errors; absent where errors count from the first of the batch. */
      readonly ids?: readonly string[];
    },
    options?: {
      /**
       * The call that errors name.
       *
       * @defaultValue 'Preparation.apply'
       */
      readonly where?: string;
      /** Asks for `views`, drawn from the random streams ['augment', epoch, index of the image]; absent: no views. */
      readonly variation?: {
        /** Of the random streams. */
        readonly seed: number;
        /** Another epoch gives other views. */
        readonly epoch: number;
      };
    },
  ): PreparedImages;
  /**
   * Turns the steps into JSON.
   *
   * @returns what `preparationFromJSON` reads
   */
  toJSON(): {
    /** Absent where none is known. */
    readonly recipe?: ImageRecipe;
    /** Of the network's input. */
    readonly inputShape: ImageShape;
    /** Absent where none was given. */
    readonly resize?: ResizePolicy;
    /** Its name and options; the code of a `customNormalization` is not in it. */
    readonly imageNormalization: {
      /** Of the normalisation. */
      readonly name: string;
      /** What it is made from again. */
      readonly options: Readonly<Record<string, unknown>>;
    };
    /** Absent where none was given. */
    readonly augmentation?: Augmentation;
  };
}

/**
 * Makes one value of the steps: training, scoring and loaded models all prepare images by it.
 *
 * @param steps `inputShape` and `imageNormalization`; `resize` and `augmentation` where they are wanted
 * @returns the preparation, whose `apply` makes the network's input of a batch
 * @throws INVALID_OPTION, UNKNOWN_OPTION; `apply` throws PIXEL_RANGE, SHAPE_MISMATCH, INVALID_IMAGES
 * @example
 * const preparation = imagePreparation({ inputShape: [64, 64, 1], imageNormalization: localContrast() });
 * const { images } = preparation.apply(await films.read([0, 1])); // [2, 64, 64, 1]
 */
export function imagePreparation(steps: Omit<Preparation, 'apply' | 'toJSON'>): Preparation {
  return preparationOf('imagePreparation', steps);
}

/** `imagePreparation` for the public call `where`. */
export function preparationOf(where: string, steps: PreparationSteps): Preparation {
  checkObject(where, 'steps', steps, 'inputShape and imageNormalization');
  const { recipe, inputShape, resize, imageNormalization, augmentation } = steps;
  check(
    typeof imageNormalization?.apply === 'function',
    'INVALID_OPTION',
    () =>
      `${where}: imageNormalization is ${JSON.stringify(imageNormalization)}; expected none(), equalize(), localContrast() or a customNormalization.`,
  );
  if (recipe !== undefined) checkImageRecipe(where, recipe);
  if (resize) checkResizePolicy(where, resize);
  if (augmentation) checkAugmentation(where, augmentation);
  const own = { recipe, inputShape, resize, imageNormalization, augmentation };
  return {
    ...own,
    apply(batch, options = {}) {
      checkKnownOptions('Preparation.apply', options, { where: true, variation: true });
      const { where: caller = 'Preparation.apply', variation } = options;
      checkObject(caller, 'batch', batch, 'what read of a source returns');
      const { indices = indicesOf(caller, batch), problems = [] } = batch;
      const count = indices.length;
      const nothing = new Float32Array(0);
      if (count === 0)
        return {
          images: nothing,
          ...(variation && { views: nothing }),
          highest: nothing,
          indices,
          problems,
        };
      const { values, masks, highest } = atInputSize(caller, batch, count, own);
      const images = imageNormalization.apply(values, [count, ...inputShape], caller);
      const prepared = { images, ...(masks && { masks }) };
      const varied = variation && vary(prepared, indices, own, variation);
      return { ...prepared, ...varied, highest, indices, problems };
    },
    toJSON() {
      const { name, options } = imageNormalization;
      return { ...own, imageNormalization: { name, options } };
    },
  };
}

/** The same preparation of images that are made of files by another recipe, or by none. */
export function withRecipe(
  where: string,
  preparation: Preparation,
  recipe: ImageRecipe | undefined,
): Preparation {
  return preparationOf(where, { ...preparation, recipe });
}

/**
 * Makes a preparation from its JSON.
 *
 * @param saved what `toJSON` of a preparation returned
 * @param custom the `customNormalization` that it was made with; required for, and only for, one
 * @returns the same preparation as was saved
 * @throws INVALID_OPTION, UNKNOWN_OPTION; its `apply` throws PIXEL_RANGE, SHAPE_MISMATCH, INVALID_IMAGES
 * @example
 * const same = preparationFromJSON(JSON.parse(JSON.stringify(preparation)));
 */
export function preparationFromJSON(
  saved: ReturnType<Preparation['toJSON']>,
  custom?: ImageNormalization,
): Preparation {
  return savedPreparation('preparationFromJSON', saved, custom);
}

/** `preparationFromJSON` for the public call `where`. */
export function savedPreparation(
  where: string,
  saved: SavedPreparation,
  custom?: ImageNormalization,
): Preparation {
  checkObject(where, 'saved', saved, 'what toJSON of a preparation returned', [
    'imageNormalization',
  ]);
  const imageNormalization = normalizationFromJSON(saved.imageNormalization, custom, where);
  return preparationOf(where, { ...saved, imageNormalization });
}

/** Places in a batch whose source is not known. */
function indicesOf(where: string, batch: ImageBatch): Int32Array {
  const count = imageCount(where, batch);
  const places = batch.positions ?? Array.from({ length: count }, (_, i) => i);
  check(
    places.length === count,
    'SHAPE_MISMATCH',
    () =>
      `${where}: positions names ${places.length} places for ${imagesText(count)}; expected one for each image.`,
  );
  return Int32Array.from(places);
}

/**
 * Images in unit range, and how much each pixel counts, brought to the input's size; what the resize adds around an image
 * does not count.
 *
 * @returns values: [count, ...inputShape]. highest: [count], before the resize. masks: [count, height, width], 0 to 1; undefined where the batch has none
 */
function atInputSize(
  where: string,
  batch: ImageBatch & { readonly ids?: readonly string[] },
  count: number,
  { inputShape, resize: policy }: PreparationSteps,
): {
  readonly values: Float32Array;
  readonly highest: Float32Array;
  readonly masks?: Float32Array;
} {
  const { shape, ids } = batch;
  const [height, width, channels] = shape;
  const size = [inputShape[0], inputShape[1]] as const;
  const sameSize = height === size[0] && width === size[1];
  checkTaken(where, batch, { inputShape, resize: policy });
  const values = unitRange(batch, { where, ids });
  const masks = batch.masks && Float32Array.from(batch.masks, (value) => value / 255);
  const highest = highestOf(values, count);
  if (sameSize || policy === undefined) return { values, highest, masks };
  return {
    highest,
    values: resize(values, [count, height, width, channels], size, policy),
    masks: masks && resize(masks, [count, height, width, 1], size, policy),
  };
}

/** [count]: the highest value of each image. */
function highestOf(values: Float32Array, count: number): Float32Array {
  const highest = new Float32Array(count);
  const size = values.length / count;
  for (let image = 0, at = 0; image < count; image++) {
    let most = 0;
    for (const end = at + size; at < end; at++) if (values[at] > most) most = values[at];
    highest[image] = most;
  }
  return highest;
}

function vary(
  { images, masks }: Pick<PreparedImages, 'images' | 'masks'>,
  indices: Int32Array,
  { inputShape, augmentation = noAugmentation }: PreparationSteps,
  { seed, epoch }: Variation,
): Pick<PreparedImages, 'views' | 'viewMasks'> {
  const stream = (i: number) => new RandomStream(seed, ['augment', epoch, indices[i]]);
  const [height, width] = inputShape;
  const count = indices.length;
  const views = augment(images, [count, ...inputShape], stream, augmentation);
  if (!masks) return { views };
  return { views, viewMasks: augmentMasks(masks, [count, height, width, 1], stream, augmentation) };
}
