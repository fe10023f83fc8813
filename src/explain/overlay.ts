import { MAP_OPACITY, underMap } from '../images/map-colors.js';
import { checkBatch, type ImageBatch, imageCount, unitRange } from '../images/pixels.js';
import { resize } from '../images/resize.js';
import { check, checkKnownOptions, checkNumber } from '../support/check.js';
import { checkHasLists } from '../support/check-kinds.js';
import { type AnomalyMap, checkMap } from './anomaly-map.js';

/** A picture, 8 bits a channel. */
export interface Picture {
  /** [height, width, channels], flattened. */
  readonly pixels: Uint8Array;
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
  /** 1 = grey, 3 = RGB, 4 = RGBA. */
  readonly channels: 1 | 3 | 4;
}

/** A picture as large as its pixels, or INVALID_OPTION, SHAPE_MISMATCH. */
export function checkPicture(where: string, picture: Picture): void {
  checkHasLists(where, 'picture', picture, ['pixels']);
  const { pixels, height, width, channels } = picture;
  checkBatch(where, pixels, [1, height, width, channels]);
}

/**
 * An image in grey with its map in colour over it: clear where the map is 0, yellow, then red.
 *
 * @param image one image, at any size; the map is stretched over it
 * @param map as `anomalyMaps` gives it
 * @returns RGB, at the size of the image
 * @throws SHAPE_MISMATCH where there is more than one image; INVALID_IMAGES | PIXEL_RANGE | INVALID_OPTION | UNKNOWN_OPTION
 * @example
 * const png = await encodePng(overlay(await test.read([3]), map));
 */
export function overlay(
  image: ImageBatch,
  map: Pick<AnomalyMap, 'values' | 'height' | 'width'>,
  options: {
    /** The map's value that is shown in full; give one for images that are to be compared. @defaultValue its largest */
    readonly top?: number;
    /** How much of the colour covers the image there, 0 to 1. @defaultValue 0.65 */
    readonly opacity?: number;
  } = {},
): Picture {
  checkKnownOptions('overlay', options, { top: true, opacity: true });
  imageCount('overlay', image);
  checkMap('overlay', map);
  const { top = map.values.reduce((a, b) => Math.max(a, b), 0), opacity = MAP_OPACITY } = options;
  checkNumber('overlay', 'top', top, { min: 0 });
  checkNumber('overlay', 'opacity', opacity, { min: 0, max: 1 });
  const [height, width, channels] = image.shape;
  const unit = unitRange(image, { where: 'overlay' });
  check(
    unit.length === height * width * channels,
    'SHAPE_MISMATCH',
    () => `overlay: got ${unit.length / (height * width * channels)} images; expected one.`,
  );
  const stretched = resize(map.values, [1, map.height, map.width, 1], [height, width], {
    method: 'bilinear',
    fit: 'stretch',
  });
  const pixels = new Uint8Array(height * width * 3);
  for (let i = 0; i < height * width; i++) {
    let grey = 0;
    for (let c = 0; c < channels; c++) grey += (255 * unit[i * channels + c]) / channels;
    const strength = top > 0 ? Math.min(1, stretched[i] / top) : 0;
    for (let c = 0; c < 3; c++) pixels[i * 3 + c] = underMap(grey, strength, c, opacity);
  }
  return { pixels, height, width, channels: 3 };
}
