import { checkSource, type ImageSource } from '../images/image-source.js';
import { check } from '../support/check.js';
import { subset } from './combine.js';

/**
 * Makes a source of the images that no label calls an anomaly; all of them if the source has no labels.
 *
 * @param source with or without labels
 * @returns the source of the normals, or `source` itself if all are
 * @throws INVALID_OPTION; EMPTY_SET where every image is labelled as an anomaly; on reading INDEX_OUT_OF_RANGE, INVALID_IMAGES,
 *   SHAPE_MISMATCH
 * @example
 * const train = normalsOf(arraySource({ pixels, shape: [64, 64, 1], labels: [0, 1, 0] })); // two images
 */
export function normalsOf(source: ImageSource): ImageSource {
  checkSource('normalsOf', source, '', 'source');
  const rows = Array.from({ length: source.length }, (_, row) => row);
  const normal = rows.filter((row) => !source.labels?.[row]);
  check(
    normal.length > 0,
    'EMPTY_SET',
    () =>
      `normalsOf: all ${source.length} images are labelled as anomalies; expected some normal ones.`,
  );
  return normal.length === source.length ? source : subset(source, normal);
}
