import type { DecodedImage } from '../decoding/decoder.js';
import { fromMat, greyFilm, type Point, toMat } from './film.js';
import { withMats } from './open-cv.js';
import type { OpenCv } from './open-cv-interface.js';

/** Four points, clockwise from the upper left. */
export type Corners = readonly [Point, Point, Point, Point];

/**
 * What lies between four corners, as a rectangle.
 *
 * Its sides are the means of the opposite sides, in whole pixels; levels between pixels are bilinear.
 *
 * @param corners the outer edges of the corner pixels, as `detectCarrier` finds them
 * @returns grey pixels of the same kind
 * @throws INVALID_IMAGES, SHAPE_MISMATCH
 * @see antoine-spahr/X-ray-Anomaly-Detection, which crops the rectangle of least area instead.
 */
export function cropPerspective(cv: OpenCv, image: DecodedImage, corners: Corners): DecodedImage {
  const grey = greyFilm('cropPerspective', image);
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
  return withMats((keep) => {
    const points = (four: Corners) => {
      const mat = keep(new cv.Mat(4, 1, cv.CV_32FC2));
      mat.data32F.set(four.flat());
      return mat;
    };
    const map = keep(cv.getPerspectiveTransform(points(corners), points(frame)));
    const result = keep(new cv.Mat());
    const size = new cv.Size(width, height);
    const from = toMat(cv, keep, grey);
    cv.warpPerspective(from, result, map, size, cv.INTER_LINEAR, cv.BORDER_REPLICATE);
    return fromMat(result, grey);
  });
}

export function distance([x, y]: Point, [u, v]: Point): number {
  return Math.hypot(x - u, y - v);
}
