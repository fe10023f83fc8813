import type { DecodedImage } from '../decoding/decoder.js';
import { checkKnownOptions, checkNumber } from '../support/check.js';
import { greyFilm, toBytes, toMat } from './film.js';
import { type Keep, usable, withMats } from './open-cv.js';
import type { Cv, Mat, OpenCv } from './open-cv-interface.js';

/** How a body part is told from its ground; JSON. */
export interface MaskOptions {
  /** Radius of the opening, as a share of the long side, 0 to 0.25. @defaultValue 0.02 */
  readonly opening?: number;
}

export const defaultMask: Required<MaskOptions> = Object.freeze({ opening: 0.02 });

/** @throws INVALID_OPTION, UNKNOWN_OPTION */
export function checkMaskOptions(where: string, options: MaskOptions): void {
  checkKnownOptions(where, options, Object.keys(defaultMask));
  for (const [name, value] of Object.entries(options))
    checkNumber(where, name, value, { min: 0, max: 0.25 });
}

/**
 * The pixels of the body part, by hysteresis: what is above the lower threshold and touches something
 * above the upper one; then opened, the largest piece alone, its holes filled.
 *
 * The upper threshold is Otsu's; the lower one is Otsu's of what lies below it.
 *
 * @param cv OpenCV, as `openCv` loads it
 * @param image one image, grey or colour
 * @returns [height, width], flattened, 255 on the body part, else 0; all 0 where nothing was found
 * @throws INVALID_OPTION, UNKNOWN_OPTION, INVALID_IMAGES, SHAPE_MISMATCH
 * @see the paper (hysteresis thresholding to a binary mask); opening and largest piece are those of
 *   antoine-spahr/X-ray-Anomaly-Detection, which searches the lower threshold below Yen's and cuts holes out.
 * @example
 * const mask = stages.bodyPartMask(await openCv(), film);
 */
export function bodyPartMask(
  cv: OpenCv,
  image: DecodedImage,
  options: MaskOptions = {},
): Uint8Array {
  const where = 'stages.bodyPartMask';
  checkMaskOptions(where, options);
  const used = usable(where, cv);
  const { opening } = { ...defaultMask, ...options };
  const bytes = toBytes(greyFilm(where, image));
  const [height, width] = bytes.shape;
  return withMats(where, (keep) => {
    const film = toMat(used, keep, bytes);
    used.GaussianBlur(film, film, new used.Size(5, 5), 0);
    const upper = otsu(used, keep, film);
    const mask = hysteresis(used, keep, film, lowerOf(used, keep, film, upper), upper);
    openByDisc(used, keep, mask, Math.round(opening * Math.max(height, width)));
    return largestPiece(used, keep, mask).data.slice();
  });
}

function otsu(cv: Cv, keep: Keep, levels: Mat): number {
  const type = cv.THRESH_BINARY + cv.THRESH_OTSU;
  return cv.threshold(levels, keep(new cv.Mat()), 0, 255, type);
}

/** Otsu's threshold of the levels that are not above `upper`. */
function lowerOf(cv: Cv, keep: Keep, film: Mat, upper: number): number {
  const dark = film.data.filter((level) => level <= upper);
  const mat = keep(new cv.Mat(1, dark.length, cv.CV_8UC1));
  mat.data.set(dark);
  return otsu(cv, keep, mat);
}

/** The pieces above `lower` that hold a pixel above `upper`, as 255. */
function hysteresis(cv: Cv, keep: Keep, film: Mat, lower: number, upper: number): Mat {
  const mask = keep(new cv.Mat());
  cv.threshold(film, mask, lower, 255, cv.THRESH_BINARY);
  const labels = keep(new cv.Mat());
  const pieces = cv.connectedComponents(mask, labels);
  const sure = new Uint8Array(pieces);
  const [levels, pieceOf, values] = [film.data, labels.data32S, mask.data];
  for (let i = 0; i < levels.length; i++) if (levels[i] > upper) sure[pieceOf[i]] = 1;
  for (let i = 0; i < values.length; i++) if (!sure[pieceOf[i]]) values[i] = 0;
  return mask;
}

/**
 * Takes away what no disc of the radius fits into, in place. By distances, since OpenCV's morphology by a
 * disc of radius 10 takes a hundred times as long in WebAssembly.
 */
function openByDisc(cv: Cv, keep: Keep, mask: Mat, radius: number): void {
  if (radius === 0) return;
  const distances = keep(new cv.Mat());
  cv.distanceTransform(mask, distances, cv.DIST_L2, cv.DIST_MASK_5);
  const values = mask.data;
  const { data32F } = distances;
  for (let i = 0; i < values.length; i++) values[i] = data32F[i] > radius ? 0 : 255;
  // Where no pixel is left there is none to be near to.
  if (values.every((value) => value === 255)) {
    values.fill(0);
    return;
  }
  cv.distanceTransform(mask, distances, cv.DIST_L2, cv.DIST_MASK_5);
  const nearest = distances.data32F;
  for (let i = 0; i < values.length; i++) values[i] = nearest[i] <= radius ? 255 : 0;
}

/** The piece of largest outline, its holes filled. */
function largestPiece(cv: Cv, keep: Keep, mask: Mat): Mat {
  const outlines = keep(new cv.MatVector());
  cv.findContours(mask, outlines, keep(new cv.Mat()), cv.RETR_EXTERNAL, cv.CHAIN_APPROX_SIMPLE);
  const areas = Array.from({ length: outlines.size() }, (_, i) =>
    withMats('stages.bodyPartMask', (keepOne) => cv.contourArea(keepOne(outlines.get(i)))),
  );
  const piece = keep(new cv.Mat(mask.rows, mask.cols, cv.CV_8UC1));
  piece.data.fill(0);
  const largest = areas.indexOf(Math.max(...areas));
  if (largest >= 0) cv.drawContours(piece, outlines, largest, new cv.Scalar(255), -1);
  return piece;
}
