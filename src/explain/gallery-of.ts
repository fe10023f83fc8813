import { subset } from '../data/combine.js';
import { checkSource, type ImageSource } from '../images/image-source.js';
import { type ImageBatch, unitRange } from '../images/pixels.js';
import { checkAllRead } from '../images/problems.js';
import { readImages } from '../images/read-images.js';
import { resize } from '../images/resize.js';
import type { ScoreResult } from '../model/results.js';
import type { ScoringModel } from '../model/scoring-model.js';
import { checkKnownOptions, checkNumber, type OptionNames } from '../support/check.js';
import { checkHasLists } from '../support/check-kinds.js';
import type { AnomalyMap } from './anomaly-map.js';
import { type AnomalyMapOptions, mapOptionNames, mapsOf } from './anomaly-maps.js';
import { galleryGroups } from './gallery-groups.js';
import { overlay, type Picture } from './overlay.js';

const WHERE = 'galleryOf';

/** Longer sides of maps and of training images, in pixels: as large as a page shows them on a fine screen. */
const MAP_SIDE = 512;
const NEAREST_SIDE = 256;

type UnitImage = ImageBatch & { readonly pixels: Float32Array };

/** An image, where its score comes from, and the training images that it was compared with. */
export interface ExplainedImage {
  /** What stands for it on the page. */
  readonly id: string;
  /** Its anomaly score. */
  readonly score: number;
  /** 0 = normal, 1 = anomalous; absent where the source has no labels. */
  readonly label?: number;
  /** Whether its score reaches the threshold of `result`; absent where that has none. */
  readonly flagged?: boolean;
  /** As it was read, up to `side` pixels. */
  readonly image: Picture;
  /** The same with its map in colour over it, up to 512 pixels a side. */
  readonly map: Picture;
  /** Training images, the nearest first. */
  readonly nearest: readonly {
    /** What stands for the training image on the page. */
    readonly id: string;
    /** Angle between the two embeddings, in degrees, 0 to 180. */
    readonly angleInDegrees: number;
    /** As it was read, up to 256 pixels a side. */
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
  /** Images of each group. @defaultValue 6 */
  readonly shown?: number;
  /** Longer sides of images are brought to so many pixels: the report shows them whole on request. @defaultValue 2048 */
  readonly side?: number;
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
  side: true,
  nameOf: true,
};

/**
 * Images worth a look, each with its map and its nearest training images: the `gallery` of a report.
 *
 * Those of the highest and of the lowest scores; where labels and a threshold are known, the misses of the lowest scores, the false alarms of
 * the highest, and with a threshold those nearest to it. An image may be in several groups. All maps are on one scale, so that the map of an image
 * without a finding looks empty.
 *
 * @param model a fitted model.
 * @returns groups of images: the title of each, its items in order, and `mapTop`, the value that its maps show in full red, in the unit of the map.
 * @throws NOT_FITTED | NO_DECODER | INVALID_OPTION | UNKNOWN_OPTION | INVALID_IMAGES | SHAPE_MISMATCH | PIXEL_RANGE |
 * EMPTY_SET | INDEX_OUT_OF_RANGE | IMAGE_UNREADABLE | LABELS_MISMATCH; whatever reading the images throws
 * @example
 * const gallery = await galleryOf(model, { result: await model.score(test), images: test, train });
 * const page = await renderReport({ title: 'Chest films', gallery });
 */
export async function galleryOf(
  model: ScoringModel,
  options: GalleryOptions,
): Promise<
  {
    /** 'Most anomalous', say. */
    readonly title: string;
    /** The images of the group. */
    readonly items: readonly ExplainedImage[];
    /** The value of the maps that is shown in full red. */
    readonly mapTop: number;
  }[]
> {
  checkKnownOptions(WHERE, options, optionNames);
  const {
    result,
    images,
    train,
    shown = 6,
    nearest = 5,
    side = 2048,
    nameOf = (id) => id,
    ...mapOptions
  } = options;
  checkHasLists(WHERE, 'result', result, ['scores', 'ids', 'nearestRows', 'nearestAngles']);
  checkSource(WHERE, images);
  checkSource(WHERE, train, '', 'train');
  checkNumber(WHERE, 'shown', shown, { min: 1, integer: true });
  checkNumber(WHERE, 'nearest', nearest, { min: 0, integer: true });
  checkNumber(WHERE, 'side', side, { min: 1, integer: true });
  const { scores, indices, threshold } = result;
  const rowInSource = (row: number) => indices?.[row] ?? row;
  const labels = images.labels && Array.from(scores, (_, row) => images.labels?.[rowInSource(row)]);
  const groups = galleryGroups(scores, { labels, threshold, shown });
  const rows = [...new Set(groups.flatMap((group) => group.rows))];
  const maps = await mapsOf(WHERE, model, subset(images, rows.map(rowInSource)), mapOptions);
  const mapTop = maps
    .flatMap(({ values }) => Array.from(values))
    .reduce((a, b) => Math.max(a, b), 0);
  const known = { result, images, train, nearest, side, nameOf, top: mapTop };
  const items = new Map<number, ExplainedImage>();
  // One after the other: several films at full size would take much memory at once.
  for (const [i, row] of rows.entries())
    items.set(row, await explainedImage(row, rowInSource(row), { ...known, map: maps[i] }));
  return groups.map(({ title, rows }) => ({
    title,
    items: rows.map((row) => items.get(row) as ExplainedImage),
    mapTop,
  }));
}

async function explainedImage(
  row: number,
  at: number,
  {
    result,
    images,
    train,
    nearest,
    side,
    nameOf,
    map,
    top,
  }: Required<
    Pick<GalleryOptions, 'result' | 'images' | 'train' | 'nearest' | 'side' | 'nameOf'>
  > & {
    readonly map: AnomalyMap;
    readonly top: number;
  },
): Promise<ExplainedImage> {
  const trainRows = Array.from(result.nearestRows[row].subarray(0, nearest));
  const beside = trainRows.map(async (trainRow, k) => ({
    id: nameOf(train.ids[trainRow]),
    angleInDegrees: (result.nearestAngles[row][k] * 180) / Math.PI,
    image: shownImage(upTo(NEAREST_SIDE, await imageAt(WHERE, train, trainRow))),
  }));
  const image = await imageAt(WHERE, images, at);
  return {
    id: nameOf(result.ids[row]),
    score: result.scores[row],
    ...(images.labels && { label: images.labels[at] }),
    ...(result.threshold !== undefined && {
      flagged: result.scores[row] >= result.threshold,
    }),
    image: shownImage(upTo(side, image)),
    map: overlay(upTo(MAP_SIDE, image), map, { top }),
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

/** An image whose longer side is at most `side`. */
function upTo(side: number, image: UnitImage): UnitImage {
  const [height, width, channels] = image.shape;
  const ratio = side / Math.max(height, width);
  if (ratio >= 1) return image;
  const size = [height, width].map((pixels) => Math.max(1, Math.round(pixels * ratio)));
  const pixels = resize(image.pixels, [1, height, width, channels], [size[0], size[1]], {
    method: 'area',
    fit: 'stretch',
  });
  return { pixels, shape: [size[0], size[1], channels] };
}

function shownImage({ pixels: unit, shape }: UnitImage): Picture {
  const [height, width, channels] = shape;
  const pixels = Uint8Array.from(unit, (value) => Math.round(255 * value));
  return { pixels, height, width, channels: channels as 1 | 3 | 4 };
}
