import { check } from '../support/check.js';
import { RandomStream } from '../support/random.js';
import {
  type Augmentation,
  augment,
  augmentMasks,
  checkAugmentation,
  noAugmentation,
} from './augmentation.js';
import type { ImageNormalization } from './image-normalization.js';
import { normalizationFromJSON } from './normalization-from-json.js';
import { type ImageBatch, type ImageShape, imageCount, unitRange } from './pixels.js';
import type { ImageProblem } from './problems.js';
import type { ReceivedImages } from './read-images.js';
import { checkResizePolicy, type ResizePolicy, resize } from './resize.js';

/**
 * What is done to images between their source and the network, step by step; a step that is left out does nothing.
 *
 * A step that comes later is a field of its own, optional, and one that is left out must change no pixel: so
 * what was saved before it still means the same.
 */
export interface PreparationSteps {
  /** Of the network's input; its channels must be those of the images. */
  readonly inputShape: ImageShape;
  /** How images of another height and width are brought to it; without one they are an error. */
  readonly resize?: ResizePolicy;
  readonly imageNormalization: ImageNormalization;
  /** How far training images are varied, after all else. */
  readonly augmentation?: Augmentation;
}

/** Steps as JSON. */
export interface SavedPreparation extends Omit<PreparationSteps, 'imageNormalization'> {
  readonly imageNormalization: {
    readonly name: string;
    readonly options: Readonly<Record<string, unknown>>;
  };
}

/** Which variation images get: the streams are named ['augment', epoch, index of the image]. */
export interface Variation {
  readonly seed: number;
  readonly epoch: number;
}

/** A batch as the network takes it. */
export interface PreparedImages {
  /** [images, ...inputShape]. */
  readonly images: Float32Array;
  /** The same, varied; where a variation was asked for. */
  readonly views?: Float32Array;
  /** [images, height, width], 0 to 1: how much each pixel counts; where the source gives masks. */
  readonly masks?: Float32Array;
  /** The same of the views. */
  readonly viewMasks?: Float32Array;
  /** Of the images, in their source. */
  readonly indices: Int32Array;
  /** Images that could not be read. */
  readonly problems: readonly ImageProblem[];
}

/** All that is done to images between their source and the network, as one value. */
export interface Preparation extends PreparationSteps {
  /**
   * Unit range, size and normalisation; then variation where it is asked for.
   *
   * @param batch of a source
   * @param options.where the call that errors name; default 'Preparation.apply'
   * @throws PIXEL_RANGE, SHAPE_MISMATCH
   */
  apply(
    batch: ImageBatch & Partial<Pick<ReceivedImages, 'indices' | 'ids'>>,
    options?: { readonly where?: string; readonly variation?: Variation },
  ): PreparedImages;
  toJSON(): SavedPreparation;
}

/**
 * Steps as one value: training, scoring and loaded models all prepare images by it.
 *
 * @param where the call that errors name; default 'imagePreparation'
 * @throws INVALID_OPTION, UNKNOWN_OPTION
 * @example
 * const preparation = imagePreparation({ inputShape: [64, 64, 1], imageNormalization: localContrast() });
 * const { images } = preparation.apply(await films.read([0, 1])); // [2, 64, 64, 1]
 */
export function imagePreparation(
  { inputShape, resize, imageNormalization, augmentation }: PreparationSteps,
  where = 'imagePreparation',
): Preparation {
  check(
    typeof imageNormalization?.apply === 'function',
    'INVALID_OPTION',
    () =>
      `${where}: imageNormalization is ${JSON.stringify(imageNormalization)}; expected none(), equalize(), localContrast() or a customNormalization.`,
  );
  if (resize) checkResizePolicy(where, resize);
  if (augmentation) checkAugmentation(where, augmentation);
  const steps = { inputShape, resize, imageNormalization, augmentation };
  return {
    ...steps,
    apply(batch, { where: caller = 'Preparation.apply', variation } = {}) {
      const { indices = indicesOf(caller, batch), problems = [] } = batch;
      const prepared = prepare(caller, batch, indices.length, steps);
      const varied = variation && vary(prepared, indices, steps, variation);
      return { ...prepared, ...varied, indices, problems };
    },
    toJSON() {
      const { name, options } = imageNormalization;
      return { ...steps, imageNormalization: { name, options } };
    },
  };
}

/**
 * A preparation from its JSON.
 *
 * @param custom the `customNormalization` that it was made with; required for, and only for, one
 * @param where the call that errors name; default 'preparationFromJSON'
 * @throws INVALID_OPTION, UNKNOWN_OPTION
 */
export function preparationFromJSON(
  saved: SavedPreparation,
  custom?: ImageNormalization,
  where = 'preparationFromJSON',
): Preparation {
  const imageNormalization = normalizationFromJSON(saved.imageNormalization, custom, where);
  return imagePreparation({ ...saved, imageNormalization }, where);
}

/** Places in a batch whose source is not known. */
function indicesOf(where: string, batch: ImageBatch): Int32Array {
  const places = batch.positions ?? Array.from({ length: imageCount(where, batch) }, (_, i) => i);
  return Int32Array.from(places);
}

function prepare(
  where: string,
  batch: ImageBatch & { readonly ids?: readonly string[] },
  count: number,
  { inputShape, resize: policy, imageNormalization }: PreparationSteps,
): Pick<PreparedImages, 'images' | 'masks'> {
  if (count === 0) return { images: new Float32Array(0) };
  const { shape, ids } = batch;
  const [height, width, channels] = shape;
  const size = [inputShape[0], inputShape[1]] as const;
  const sameSize = height === size[0] && width === size[1];
  check(
    channels === inputShape[2],
    'SHAPE_MISMATCH',
    () =>
      `${where}: ${ids ? `image '${ids[0]}' has` : 'images have'} ${channels} channels but the model takes ${inputShape[2]}; convert the images, or create the model with inputShape [${inputShape[0]}, ${inputShape[1]}, ${channels}].`,
    { shape, inputShape },
  );
  check(
    sameSize || policy !== undefined,
    'SHAPE_MISMATCH',
    () =>
      `${where}: ${ids ? `image '${ids[0]}' is` : 'images are'} ${height} x ${width} but the model takes ${size[0]} x ${size[1]} (height x width); resize them, or create the model with a resize policy such as { method: 'area', fit: 'pad' }.`,
    { shape, inputShape },
  );
  const unit = unitRange(batch, { where, ids });
  const sized =
    sameSize || policy === undefined
      ? unit
      : resize(unit, [count, height, width, channels], size, policy);
  const images = imageNormalization.apply(sized, [count, ...inputShape], where);
  const masks = prepareMasks(batch, size, policy);
  return { images, ...(masks && { masks }) };
}

/**
 * How much each pixel of the images counts, brought to another size as they are; what the resize adds
 * around an image does not count.
 *
 * @returns [count, size[0], size[1]], 0 to 1; undefined where the batch has no masks
 */
function prepareMasks(
  { masks, shape: [height, width] }: Pick<ImageBatch, 'masks' | 'shape'>,
  [toHeight, toWidth]: readonly [height: number, width: number],
  policy?: ResizePolicy,
): Float32Array | undefined {
  if (!masks) return undefined;
  const weights = Float32Array.from(masks, (value) => value / 255);
  if (!policy || (height === toHeight && width === toWidth)) return weights;
  const count = masks.length / (height * width);
  return resize(weights, [count, height, width, 1], [toHeight, toWidth], policy);
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
