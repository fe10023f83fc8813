import { subset } from '../data/combine.js';
import { checkSource, type ImageSource } from '../images/image-source.js';
import { type ImageBatch, unitRange } from '../images/pixels.js';
import { checkAllRead } from '../images/problems.js';
import { readImages } from '../images/read-images.js';
import type { ScoreResult } from '../model/results.js';
import type { ScoringModel } from '../model/scoring-model.js';
import { checkKnownOptions, checkNumber, type OptionNames } from '../support/check.js';
import { checkHasLists } from '../support/check-kinds.js';
import type { AnomalyMap } from './anomaly-map.js';
import { type AnomalyMapOptions, mapOptionNames, mapsOf } from './anomaly-maps.js';
import { overlay, type Picture } from './overlay.js';

const WHERE = 'galleryOf';

type UnitImage = ImageBatch & { readonly pixels: Float32Array };

/** An image, where its score comes from, and the training images that it was compared with. */
export interface ExplainedImage {
  /** What stands for it on the page. */
  readonly id: string;
  /** Its anomaly score. */
  readonly score: number;
  /** 0 = normal, 1 = anomalous; absent where the source has no labels. */
  readonly label?: number;
  /** As it was read. */
  readonly image: Picture;
  /** The same with its map in colour over it. */
  readonly map: Picture;
  /** Training images, the nearest first. */
  readonly nearest: readonly {
    /** What stands for the training image on the page. */
    readonly id: string;
    /** Angle between the two embeddings, in degrees, 0 to 180. */
    readonly angleInDegrees: number;
    /** As it was read. */
    readonly image: Picture;
  }[];
}

/** What `galleryOf` shows, and how. */
export interface GalleryOptions extends AnomalyMapOptions {
  /** What `model.score` gave of `images`. */
  readonly result: ScoreResult;
  /** The images that were scored. */
  readonly images: ImageSource;
  /** What the model learnt from. */
  readonly train: ImageSource;
  /** Images at either end of the ranking. @defaultValue 6 */
  readonly shown?: number;
  /** Training images beside each, not more than the score rests on. @defaultValue 5 */
  readonly nearest?: number;
  /** What stands for an image on the page; give one where ids may name patients. @defaultValue its id */
  readonly nameOf?: (id: string) => string;
}

const optionNames: OptionNames<GalleryOptions> = {
  ...mapOptionNames,
  result: true,
  images: true,
  train: true,
  shown: true,
  nearest: true,
  nameOf: true,
};

/**
 * The images of the highest and of the lowest scores, each with its map and its nearest training images: the `gallery` of a
 * report. All maps are on one scale, so that the map of an image without a finding looks empty.
 *
 * @param model a fitted model.
 * @returns groups of images: the title of each, and its items, in the order of their scores.
 * @throws NOT_FITTED | NO_DECODER | INVALID_OPTION | UNKNOWN_OPTION | INVALID_IMAGES | SHAPE_MISMATCH | PIXEL_RANGE |
 * EMPTY_SET | INDEX_OUT_OF_RANGE | IMAGE_UNREADABLE | LABELS_MISMATCH; whatever reading the images throws
 * @example
 * const gallery = await galleryOf(model, { result: await model.score(test), images: test, train });
 * const page = await renderReport({ title: 'Chest films', gallery });
 */
export async function galleryOf(
  model: ScoringModel,
  options: GalleryOptions,
): Promise<{ readonly title: string; readonly items: readonly ExplainedImage[] }[]> {
  checkKnownOptions(WHERE, options, optionNames);
  const {
    result,
    images,
    train,
    shown = 6,
    nearest = 5,
    nameOf = (id) => id,
    ...mapOptions
  } = options;
  checkHasLists(WHERE, 'result', result, ['scores', 'ids', 'nearestRows', 'nearestAngles']);
  checkSource(WHERE, images);
  checkSource(WHERE, train, '', 'train');
  checkNumber(WHERE, 'shown', shown, { min: 1, integer: true });
  checkNumber(WHERE, 'nearest', nearest, { min: 0, integer: true });
  const { scores, indices } = result;
  const ranked = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a]);
  const most = ranked.slice(0, shown);
  const least = ranked.slice(most.length).slice(-shown).reverse();
  const rows = [...most, ...least];
  const rowInSource = (row: number) => indices?.[row] ?? row;
  const maps = await mapsOf(WHERE, model, subset(images, rows.map(rowInSource)), mapOptions);
  const top = maps.flatMap(({ values }) => Array.from(values)).reduce((a, b) => Math.max(a, b), 0);
  const explained = (row: number, map: AnomalyMap) =>
    explainedImage(row, rowInSource(row), { result, images, train, nearest, nameOf, map, top });
  const items = await Promise.all(rows.map((row, i) => explained(row, maps[i])));
  return [
    { title: 'Most anomalous', items: items.slice(0, most.length) },
    { title: 'Least anomalous', items: items.slice(most.length) },
  ].filter(({ items }) => items.length > 0);
}

async function explainedImage(
  row: number,
  at: number,
  {
    result,
    images,
    train,
    nearest,
    nameOf,
    map,
    top,
  }: Required<Pick<GalleryOptions, 'result' | 'images' | 'train' | 'nearest' | 'nameOf'>> & {
    readonly map: AnomalyMap;
    readonly top: number;
  },
): Promise<ExplainedImage> {
  const trainRows = Array.from(result.nearestRows[row].subarray(0, nearest));
  const beside = trainRows.map(async (trainRow, k) => ({
    id: nameOf(train.ids[trainRow]),
    angleInDegrees: (result.nearestAngles[row][k] * 180) / Math.PI,
    image: shownImage(await imageAt(WHERE, train, trainRow)),
  }));
  const image = await imageAt(WHERE, images, at);
  return {
    id: nameOf(result.ids[row]),
    score: result.scores[row],
    ...(images.labels && { label: images.labels[at] }),
    image: shownImage(image),
    map: overlay(image, map, { top }),
    nearest: await Promise.all(beside),
  };
}

/** One image, in the unit range. */
async function imageAt(where: string, source: ImageSource, row: number): Promise<UnitImage> {
  const image = await readImages(where, source, [row]);
  checkAllRead(where, image.problems);
  const { shape, ids } = image;
  return { pixels: unitRange(image, { where, ids }), shape };
}

function shownImage({ pixels: unit, shape }: UnitImage): Picture {
  const [height, width, channels] = shape;
  const pixels = Uint8Array.from(unit, (value) => Math.round(255 * value));
  return { pixels, height, width, channels: channels as 1 | 3 | 4 };
}
