import type { ImageSource } from '../images/image-source.js';
import { check } from '../support/check.js';
import { subset } from './combine.js';

/**
 * The images of a source that no label calls an anomaly; all of them where it has no labels.
 *
 * @throws EMPTY_SET where every image is labelled as an anomaly
 * @example
 * const train = normalsOf(arraySource({ pixels, shape: [64, 64, 1], labels: [0, 1, 0] })); // two images
 */
export function normalsOf(source: ImageSource): ImageSource {
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
