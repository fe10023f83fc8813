import { checkSource, type ImageSource } from '../images/image-source.js';
import { imagesText } from '../images/problems.js';
import { check, checkKnownOptions } from '../support/check.js';
import { checkBoolean } from '../support/check-kinds.js';
import { subset } from './combine.js';

/**
 * Makes a source of the images that are labelled normal.
 *
 * @param source with labels, or with `allNormal`
 * @param options `allNormal`
 * @returns the source of the normals, or `source` itself if all are
 * @throws NO_LABELS where the source has no labels and nobody says that all are normal; EMPTY_SET where every image is labelled as
 *   an anomaly; INVALID_OPTION, UNKNOWN_OPTION; on reading INDEX_OUT_OF_RANGE, INVALID_IMAGES, SHAPE_MISMATCH
 * @example
 * const train = normalsOf(arraySource({ pixels, shape: [64, 64, 1], labels: [0, 1, 0] })); // two images
 */
export function normalsOf(
  source: ImageSource,
  options: {
    /**
     * Whether the images of a source without labels are all normal; labels that there are count all the same.
     *
     * @defaultValue false: a source without labels is refused
     */
    readonly allNormal?: boolean;
  } = {},
): ImageSource {
  checkSource('normalsOf', source, '', 'source');
  checkKnownOptions('normalsOf', options, { allNormal: true });
  checkBoolean('normalsOf', 'allNormal', options.allNormal);
  const { labels, length, warnings = [] } = source;
  check(
    labels !== undefined || options.allNormal === true,
    'NO_LABELS',
    () =>
      `normalsOf: the source has no labels, so that nothing tells which of its ${imagesText(length)} are normal; expected a label for each; give labels, or pass { allNormal: true } where all are normal.${warnings.map(({ message }) => ` ${message}`).join('')}`,
    { images: length },
  );
  const rows = Array.from({ length }, (_, row) => row);
  const normal = rows.filter((row) => !labels?.[row]);
  check(
    normal.length > 0,
    'EMPTY_SET',
    () => `normalsOf: all ${length} images are labelled as anomalies; expected some normal ones.`,
  );
  return normal.length === length ? source : subset(source, normal);
}
