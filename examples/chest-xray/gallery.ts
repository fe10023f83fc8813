import type { SaladModel, ScoreResult } from 'salad-ad';
import { type ImageSource, subset } from 'salad-ad/data';
import { type AnomalyMap, anomalyMaps, overlay } from 'salad-ad/explain';
import type { GalleryGroup, GalleryItem, ReportImage } from 'salad-ad/report';
import type { ChestXrays } from './data.js';

/** Images shown at either end of the ranking, and training images beside each. */
const SHOWN = 6;
const NEAREST = 5;

export const mapsNote =
  'Right of each film: where its score comes from (gradient through the encoder, towards the reconstruction; clear, yellow, red, on one scale for all). ' +
  'A map shows what moved the score, not where the disease is.';

/** The test films with the highest and the lowest scores, with maps and nearest training films. */
export async function gallery(
  model: SaladModel,
  data: ChestXrays,
  result: ScoreResult,
): Promise<GalleryGroup[]> {
  const ranked = Array.from(result.scores.keys()).sort(
    (a, b) => result.scores[b] - result.scores[a],
  );
  const rows = [...ranked.slice(0, SHOWN), ...ranked.slice(-SHOWN).reverse()];
  const maps = await anomalyMaps(model, subset(data.test, rows));
  // One scale for all: the map of an image without a finding is to look empty.
  const top = Math.max(...maps.flatMap(({ values }) => Array.from(values)));
  const items = await Promise.all(
    rows.map((row, i) => galleryItem(row, data, result, { map: maps[i], top })),
  );
  return [
    { title: 'Most anomalous', items: items.slice(0, SHOWN) },
    { title: 'Least anomalous', items: items.slice(SHOWN) },
  ];
}

async function galleryItem(
  row: number,
  { train, test }: ChestXrays,
  result: ScoreResult,
  { map, top }: { map: AnomalyMap; top: number },
): Promise<GalleryItem> {
  const nearest = Array.from(result.nearestRows[row].subarray(0, NEAREST), async (trainRow, i) => ({
    id: train.ids[trainRow],
    angle: (result.nearestAngles[row][i] * 180) / Math.PI,
    image: await picture(train, trainRow),
  }));
  return {
    id: result.ids[row],
    score: result.scores[row],
    label: test.labels[row],
    image: await picture(test, row),
    map: overlay(await test.read([row]), map, { top }),
    nearest: await Promise.all(nearest),
  };
}

async function picture(source: ImageSource, row: number): Promise<ReportImage> {
  const { pixels, shape } = await source.read([row]);
  return { pixels, height: shape[0], width: shape[1] };
}
