import type { DecodedImage } from '../decoding/decoder.js';
import { check } from '../support/check.js';
import { fromMat, greyFilm, toMat } from './film.js';
import { usable, withMats } from './open-cv.js';
import type { OpenCv } from './open-cv-interface.js';

/** The film or plate in a scan that shows more than it. */
export interface Carrier {
  /**
   * Clockwise from the upper left, in pixels of the image, columns before rows; the centre of the first pixel is
   * [0, 0].
   */
  readonly corners: readonly [
    upperLeft: readonly [x: number, y: number],
    upperRight: readonly [x: number, y: number],
    lowerRight: readonly [x: number, y: number],
    lowerLeft: readonly [x: number, y: number],
  ];
  /** Share of the image that it takes, 0 to 1. */
  readonly area: number;
  /** Share of its edge where the image steps up inwards, the least of its sides, 0 to 1. */
  readonly edge: number;
}

export type Corners = Carrier['corners'];
export type Point = Corners[number];

/**
 * What lies between four corners, as a rectangle.
 *
 * Its sides are the means of the opposite sides, in whole pixels; levels between pixels are bilinear.
 *
 * @param cv OpenCV, as `openCv` loads it
 * @param image one image, grey or colour
 * @param corners the outer edges of the corner pixels, as `stages.detectCarrier` finds them
 * @returns grey pixels of the same kind
 * @throws INVALID_IMAGES, INVALID_OPTION, SHAPE_MISMATCH
 * @see antoine-spahr/X-ray-Anomaly-Detection, which crops the rectangle of least area instead.
 * @example
 * const found = stages.detectCarrier(cv, image);
 * const film = found ? stages.cropPerspective(cv, image, found.corners) : image;
 */
export function cropPerspective(
  cv: OpenCv,
  image: DecodedImage,
  corners: Carrier['corners'],
): DecodedImage {
  const where = 'stages.cropPerspective';
  const used = usable(where, cv);
  const grey = greyFilm(where, image);
  check(
    Array.isArray(corners) &&
      corners.length === 4 &&
      corners.every((corner) => corner?.length === 2 && Array.from(corner).every(Number.isFinite)),
    'INVALID_OPTION',
    () => `${where}: corners is ${JSON.stringify(corners)}; expected four corners [x, y].`,
  );
  const [a, b, c, d] = corners;
  const width = Math.max(1, Math.round((distance(a, b) + distance(d, c)) / 2));
  const height = Math.max(1, Math.round((distance(a, d) + distance(b, c)) / 2));
  const [right, bottom] = [width - 0.5, height - 0.5];
  const frame: Corners = [
    [-0.5, -0.5],
    [right, -0.5],
    [right, bottom],
    [-0.5, bottom],
  ];
  return withMats(where, (keep) => {
    const points = (four: Corners) => {
      const mat = keep(new used.Mat(4, 1, used.CV_32FC2));
      mat.data32F.set(four.flat());
      return mat;
    };
    const map = keep(used.getPerspectiveTransform(points(corners), points(frame)));
    const result = keep(new used.Mat());
    const size = new used.Size(width, height);
    const from = toMat(used, keep, grey);
    used.warpPerspective(from, result, map, size, used.INTER_LINEAR, used.BORDER_REPLICATE);
    return fromMat(result, grey);
  });
}

export function distance([x, y]: Point, [u, v]: Point): number {
  return Math.hypot(x - u, y - v);
}
