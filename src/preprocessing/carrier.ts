import type { DecodedImage } from '../decoding/decoder.js';
import { checkKnownOptions, checkNumber } from '../support/check.js';
import { fromMat, greyFilm, toBytes, toMat } from './film.js';
import { resizeLongSide } from './fit.js';
import { type Keep, usable, withMats } from './open-cv.js';
import type { Cv, Mat, OpenCv } from './open-cv-interface.js';
import { type Carrier, type Corners, distance, type Point } from './perspective.js';
import { refineCorners } from './refine-corners.js';

/** What a quadrilateral must be to pass for the carrier; JSON. */
export interface CarrierOptions {
  /** Least share of the image that it takes, 0 to 1. @defaultValue 0.15 */
  readonly minArea?: number;
  /** Largest cosine of an angle between its sides, 0 to 1; 0.45 is 27 degrees off square. @defaultValue 0.45 */
  readonly maxSkew?: number;
  /** Least share of it that is brighter than the ground, 0 to 1. @defaultValue 0.95 */
  readonly minFill?: number;
  /**
   * Least share of its edge (without what lies on the frame) where the image steps up inwards, 0 to 1.
   * @defaultValue 0.75
   */
  readonly minEdge?: number;
}

export const defaultCarrier: Required<CarrierOptions> = Object.freeze({
  minArea: 0.15,
  maxSkew: 0.45,
  minFill: 0.95,
  minEdge: 0.75,
});

/** Carriers are looked for at this long side. */
const WORKING_SIZE = 512;
/** Levels, of 255, that the image is cut at. */
const LEVELS = [6, 10, 15, 22, 32, 46, 64, 90, 125, 170];
/** Share of the image from which a quadrilateral is the frame itself. */
const WHOLE = 0.98;

/** @throws INVALID_OPTION, UNKNOWN_OPTION */
export function checkCarrierOptions(where: string, options: CarrierOptions): void {
  checkKnownOptions(where, options, Object.keys(defaultCarrier));
  for (const [name, value] of Object.entries(options))
    checkNumber(where, name, value, { min: 0, max: 1 });
}

/**
 * Finds the bright quadrilateral on dark ground that a film, a plate or a collimated field is.
 *
 * The image is cut at rising levels; of what is brighter, the largest piece is taken whose hull has four
 * corners, is filled, and has an edge that steps up inwards. Lines fitted to that edge give the corners.
 *
 * @param cv OpenCV, as `openCv` loads it
 * @param image one image, grey or colour
 * @returns undefined where there is none, as on images that are all film
 * @throws INVALID_OPTION, UNKNOWN_OPTION, INVALID_IMAGES, SHAPE_MISMATCH
 * @see the paper (carrier detection); thresholds, four convex corners and the limit of 0.45 are those of
 *   antoine-spahr/X-ray-Anomaly-Detection, the rest is ours.
 * @example
 * const cv = await openCv();
 * const found = stages.detectCarrier(cv, image);
 * const film = found ? stages.cropPerspective(cv, image, found.corners) : image;
 */
export function detectCarrier(
  cv: OpenCv,
  image: DecodedImage,
  options: CarrierOptions = {},
): Carrier | undefined {
  const where = 'stages.detectCarrier';
  checkCarrierOptions(where, options);
  const used = usable(where, cv);
  const limits = { ...defaultCarrier, ...options };
  const grey = greyFilm(where, image);
  const small = toBytes(resizeLongSide(cv, grey, WORKING_SIZE));
  return withMats(where, (keep) => {
    const blurred = toMat(used, keep, small);
    used.GaussianBlur(blurred, blurred, new used.Size(5, 5), 0);
    const film = fromMat(blurred, small);
    let best: Carrier | undefined;
    for (const level of LEVELS) {
      const found = quadrilateralAbove(used, keep, blurred, level, limits);
      if (!found) continue;
      const refined = refineCorners(used, film, found);
      const area = areaOf(refined.corners) / film.pixels.length;
      if (refined.edge < limits.minEdge || area < limits.minArea || area >= WHOLE) continue;
      if (refined.strip && !isPadding(film, level)) continue;
      const { corners, edge } = refined;
      if (!best || edge * area > best.edge * best.area) best = { corners, edge, area };
    }
    return best && { ...best, corners: scaled(best.corners, film.shape, grey.shape) };
  });
}

/** Whether what is darker than a level has no noise: bars that were added to an image. */
function isPadding({ pixels }: DecodedImage, level: number): boolean {
  const dark = Uint8Array.from(pixels)
    .filter((value) => value < level)
    .sort();
  return dark.length > 0 && dark[Math.floor(0.95 * dark.length)] - dark[0] <= 1;
}

function scaled(
  corners: Corners,
  [height, width]: DecodedImage['shape'],
  [toHeight, toWidth]: DecodedImage['shape'],
): Corners {
  const [scaleX, scaleY] = [toWidth / width, toHeight / height];
  return corners.map(
    ([x, y]): Point => [(x + 0.5) * scaleX - 0.5, (y + 0.5) * scaleY - 0.5],
  ) as unknown as Corners;
}

/** The hull of the largest piece above a level, where it is a plausible quadrilateral. */
function quadrilateralAbove(
  cv: Cv,
  keep: Keep,
  film: Mat,
  level: number,
  { minArea, maxSkew, minFill }: Required<CarrierOptions>,
): Corners | undefined {
  const bright = keep(new cv.Mat());
  cv.threshold(film, bright, level, 255, cv.THRESH_BINARY);
  const element = keep(cv.getStructuringElement(cv.MORPH_RECT, new cv.Size(7, 7)));
  // What only a marker or a scratch holds to the film is not film.
  cv.morphologyEx(bright, bright, cv.MORPH_OPEN, element);
  const contours = keep(new cv.MatVector());
  cv.findContours(bright, contours, keep(new cv.Mat()), cv.RETR_EXTERNAL, cv.CHAIN_APPROX_SIMPLE);
  let largest: Mat | undefined;
  let area = 0;
  for (let i = 0; i < contours.size(); i++) {
    const contour = keep(contours.get(i));
    const its = cv.contourArea(contour);
    if (its > area) [largest, area] = [contour, its];
  }
  const frame = film.rows * film.cols;
  if (!largest || area < minArea * minFill * frame) return undefined;
  const hull = keep(new cv.Mat());
  cv.convexHull(largest, hull);
  const corners = fourCorners(cv, keep, hull);
  if (!corners || area < minFill * areaOf(corners) || skewOf(corners) > maxSkew) return undefined;
  return corners;
}

/** The coarsest outline of a hull that keeps four points. */
function fourCorners(cv: Cv, keep: Keep, hull: Mat): Corners | undefined {
  const around = cv.arcLength(hull, true);
  const outline = keep(new cv.Mat());
  for (const tolerance of [0.01, 0.02, 0.03, 0.05]) {
    cv.approxPolyDP(hull, outline, tolerance * around, true);
    if (outline.rows < 4) return undefined;
    if (outline.rows === 4) return clockwise(outline.data32S);
  }
  return undefined;
}

/** Points of a convex outline, clockwise from the one that is nearest to the upper left. */
function clockwise(values: Int32Array): Corners {
  const points = Array.from({ length: 4 }, (_, i): Point => [values[2 * i], values[2 * i + 1]]);
  if (signedArea(points) < 0) points.reverse();
  const sums = points.map(([x, y]) => x + y);
  const first = sums.indexOf(Math.min(...sums));
  return [0, 1, 2, 3].map((i) => points[(first + i) % 4]) as unknown as Corners;
}

function areaOf(corners: Corners): number {
  return Math.abs(signedArea(corners));
}

/** Positive where the points go clockwise as seen, with y downwards. */
function signedArea(points: readonly Point[]): number {
  return (
    points.reduce((sum, [x, y], i) => {
      const [u, v] = points[(i + 1) % points.length];
      return sum + x * v - u * y;
    }, 0) / 2
  );
}

/** The largest cosine between neighbouring sides. */
function skewOf(corners: Corners): number {
  return Math.max(
    ...corners.map((corner, i) => {
      const [before, after] = [corners[(i + 3) % 4], corners[(i + 1) % 4]];
      const product =
        (before[0] - corner[0]) * (after[0] - corner[0]) +
        (before[1] - corner[1]) * (after[1] - corner[1]);
      return Math.abs(product) / (distance(before, corner) * distance(after, corner));
    }),
  );
}
