import * as tf from '@tensorflow/tfjs-core';
import { sourceOfArrays } from '../data/array-source.js';
import { checkSource, type ImageSource } from '../images/image-source.js';
import type { ImageBatch } from '../images/pixels.js';
import { checkAllRead } from '../images/problems.js';
import { readImages } from '../images/read-images.js';
import type { ScoringModel } from '../model/scoring-model.js';
import {
  checkChoice,
  checkKnownOptions,
  checkNumber,
  checkObject,
  type OptionNames,
} from '../support/check.js';
import { checkSignal } from '../support/check-kinds.js';
import { unlessAborted } from '../support/unless-aborted.js';
import type { AnomalyMap } from './anomaly-map.js';
import { cellMap } from './cell-map.js';
import { gradientMap } from './gradient-map.js';
import { normalVersion } from './normal-version.js';
import { type OcclusionOptions, occlusionMap } from './occlusion-map.js';
import { reconstructionMap } from './reconstruction-map.js';
import { smooth } from './smooth.js';

/** How maps are made. Pixels are those of the model's input, and its side is the shorter one. */
export interface AnomalyMapOptions {
  /** Which of the four; see `anomalyMaps`. @defaultValue 'gradient' */
  readonly method?: 'gradient' | 'reconstruction' | 'occlusion' | 'cells';
  /** Standard deviation of the Gaussian that a map is blurred by, in pixels. @defaultValue side / 32 */
  readonly sigma?: number;
  /** Side of the square that 'occlusion' replaces, in pixels, 1 to the side. @defaultValue side / 8 */
  readonly patch?: number;
  /** From one square of 'occlusion' to the next, in pixels, 1 to `patch`. @defaultValue patch / 2 */
  readonly stride?: number;
  /** Stops between batches of images; without it the call runs to its end. */
  readonly signal?: AbortSignal;
}

/** The names of the options of `anomalyMaps`. */
export const mapOptionNames: OptionNames<AnomalyMapOptions> = {
  method: true,
  sigma: true,
  patch: true,
  stride: true,
  signal: true,
};

/** Images that are explained at a time. */
const BATCH = 16;

/**
 * Where in each image its score comes from.
 *
 * 'gradient': by how much the score would fall if a pixel were as in the reconstruction, to first order.
 * 'occlusion': by how much it does fall when a square is; the slowest. 'reconstruction': what the decoder
 * could not make again, which is not what the score is made of. 'cells': how far each cell is from those of normal images, for a
 * model whose `score` is made of cells; it comes of the scoring itself. How often each points at an implanted
 * lesion is measured in docs/maps.md. 'gradient' and 'occlusion' explain the embedding's score, also where `score` is 'both' or 'cells'.
 *
 * @param model a fitted model
 * @param images read at their own size; the maps have the size of the model's input
 * @returns a map an image, in order
 * @throws NOT_FITTED | NO_DECODER | BACKEND_NOT_READY | INVALID_OPTION | UNKNOWN_OPTION | EMPTY_SET | INVALID_IMAGES |
 * SHAPE_MISMATCH | PIXEL_RANGE | INDEX_OUT_OF_RANGE | LABELS_MISMATCH | NOT_FINITE | IMAGE_UNREADABLE; whatever reading
 * the images throws
 * @example
 * const [map] = await anomalyMaps(model, subset(test, [3]), { method: 'gradient' });
 */
export async function anomalyMaps(
  model: ScoringModel,
  images: ImageSource,
  options: AnomalyMapOptions = {},
): Promise<AnomalyMap[]> {
  return mapsOf('anomalyMaps', model, images, options);
}

/** {@link anomalyMaps}, for a caller whose name the errors bear. */
export async function mapsOf(
  where: string,
  model: ScoringModel,
  images: ImageSource,
  options: AnomalyMapOptions,
): Promise<AnomalyMap[]> {
  checkKnownOptions(where, options, mapOptionNames);
  checkModel(where, model);
  checkSource(where, images);
  const [height, width] = model.backbone.inputShape;
  const shorter = Math.min(height, width);
  const { method = 'gradient', sigma = shorter / 32, signal } = options;
  const { patch = Math.max(1, Math.floor(shorter / 8)) } = options;
  const { stride = Math.max(1, Math.floor(patch / 2)) } = options;
  checkSignal(where, signal);
  checkChoice(where, 'method', method, ['gradient', 'reconstruction', 'occlusion', 'cells']);
  checkNumber(where, 'sigma', sigma, { min: 0 });
  checkNumber(where, 'patch', patch, { min: 1, max: shorter, integer: true });
  checkNumber(where, 'stride', stride, { min: 1, max: patch, integer: true });

  const maps: AnomalyMap[] = [];
  for (let first = 0; first < images.length; first += BATCH) {
    const count = Math.min(BATCH, images.length - first);
    const indices = Array.from({ length: count }, (_, i) => first + i);
    const read = await unlessAborted(signal, () => readImages(where, images, indices));
    checkAllRead(where, read.problems);
    const { ids } = read;
    const { recipe } = images;
    const batch = sourceOfArrays(where, { ...read, ids, recipe });
    const result = await model.score(batch, { signal }, where);
    const { scores } = result;
    const raw =
      method === 'cells'
        ? await cellMap(where, model, batch, signal)
        : await rawMaps(where, model, read, result[model.settings.method], {
            method,
            patch,
            stride,
            signal,
          });
    indices.forEach((image, i) => {
      const own = raw.slice(i * height * width, (i + 1) * height * width);
      maps.push({
        id: images.ids[image],
        score: scores[i],
        values: smooth(own, [height, width], sigma),
        height,
        width,
      });
    });
  }
  return maps;
}

/** A model, or INVALID_OPTION. */
function checkModel(where: string, model: ScoringModel): void {
  checkObject(where, 'model', model, 'a SaladModel', ['backbone', 'preparation']);
}

async function rawMaps(
  where: string,
  model: ScoringModel,
  read: ImageBatch,
  scores: Float32Array,
  options: OcclusionOptions & { method: Exclude<AnomalyMapOptions['method'], 'cells'> },
): Promise<Float32Array> {
  const shape = model.backbone.inputShape;
  const { images: values } = model.preparation.apply(read, { where });
  const images = tf.tensor4d(values, [scores.length, ...shape]);
  try {
    if (options.method === 'reconstruction') return await reconstructionMap(where, model, images);
    if (options.method === 'gradient') return await gradientMap(model, images);
    const normal = normalVersion(model, images);
    const normalValues = await normal.data<'float32'>().finally(() => normal.dispose());
    const [height, width, channels] = shape;
    const size = height * width * channels;
    const result = new Float32Array(scores.length * height * width);
    for (let i = 0; i < scores.length; i++) {
      const [image, normal] = [values, normalValues].map((all) =>
        all.subarray(i * size, (i + 1) * size),
      );
      const map = await occlusionMap(model, { image, normal, score: scores[i] }, options);
      result.set(map, i * height * width);
    }
    return result;
  } finally {
    images.dispose();
  }
}
