import type { DecodedImage } from '../decoding/decoder.js';
import { withMats } from './open-cv.js';
import type { Cv } from './open-cv-interface.js';
import { type Corners, distance, type Point } from './perspective.js';

/** Pixels that an edge is looked for to either side. */
const REACH = 6;
/** Step of the levels over the edge, of 255, from which it counts. */
const LEAST_STEP = 6;
/** Places along a side. */
const PLACES = 48;
/** Pixels from the fitted line within which an edge is on it. */
const STRAIGHT = 1;
/** Pixels from the frame within which a side is the frame's own. */
const ON_FRAME = 3;

/** A line through `point` along `direction`, which has unit length. */
interface Line {
  readonly point: Point;
  readonly direction: Point;
}

/**
 * Moves the sides of a quadrilateral onto the edge near them where the image steps up inwards.
 *
 * @param film bytes, slightly blurred
 * @returns the corners where the fitted lines meet, and the share of each side that has such an edge, the
 *   least of them; a side along the frame has its edge outside the image and is left as it is. `strip`:
 *   two opposite sides are the frame's
 */
export function refineCorners(
  cv: Cv,
  film: DecodedImage,
  corners: Corners,
): { corners: Corners; edge: number; strip: boolean } {
  const sides = corners.map((from, i) => refineSide(cv, film, from, corners[(i + 1) % 4]));
  const refined = sides.map(({ line }, i) => meeting(sides[(i + 3) % 4].line, line) ?? corners[i]);
  const [height, width] = film.shape;
  const inFrame = refined.map(
    ([x, y]): Point => [
      Math.min(Math.max(x, -0.5), width - 0.5),
      Math.min(Math.max(y, -0.5), height - 0.5),
    ],
  );
  const edge = Math.min(...sides.map((side) => side.share));
  const [top, right, bottom, left] = sides.map((side) => side.onFrame);
  const strip = (top && bottom) || (left && right);
  return { corners: inFrame as unknown as Corners, edge, strip };
}

function refineSide(
  cv: Cv,
  { pixels, shape: [height, width] }: DecodedImage,
  from: Point,
  to: Point,
): { line: Line; share: number; onFrame: boolean } {
  const length = distance(from, to);
  const direction: Point = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  // Clockwise corners have the inside on the right as one walks.
  const inwards: Point = [-direction[1], direction[0]];
  const given: Line = { point: from, direction };
  const isNear = ([x, y]: Point, distance: number) =>
    x < distance || y < distance || x > width - 1 - distance || y > height - 1 - distance;
  const level = (x: number, y: number) => {
    const column = Math.min(Math.max(Math.round(x), 0), width - 1);
    return pixels[Math.min(Math.max(Math.round(y), 0), height - 1) * width + column];
  };
  const found: Point[] = [];
  let places = 0;
  for (let i = 0; i < PLACES; i++) {
    // Without the rounded corners.
    const along = length * (0.06 + (0.88 * (i + 0.5)) / PLACES);
    const [x, y] = [from[0] + along * direction[0], from[1] + along * direction[1]];
    if (isNear([x, y], ON_FRAME)) continue;
    places++;
    let best = LEAST_STEP;
    let at = Number.NaN;
    for (let s = -REACH; s <= REACH; s += 0.5) {
      const [u, v] = [x + s * inwards[0], y + s * inwards[1]];
      const step =
        level(u + 1.5 * inwards[0], v + 1.5 * inwards[1]) -
        level(u - 1.5 * inwards[0], v - 1.5 * inwards[1]);
      if (step > best) [best, at] = [step, s];
    }
    if (!Number.isNaN(at)) found.push([x + at * inwards[0], y + at * inwards[1]]);
  }
  if (places < PLACES / 4) return { line: given, share: 1, onFrame: true };
  if (found.length < PLACES / 4) return { line: given, share: 0, onFrame: false };
  const line = lineThrough(cv, found);
  const onLine = found.filter((point) => distanceTo(line, point) <= STRAIGHT);
  return { line, share: onLine.length / places, onFrame: false };
}

function distanceTo({ point, direction }: Line, [x, y]: Point): number {
  return Math.abs((x - point[0]) * direction[1] - (y - point[1]) * direction[0]);
}

function lineThrough(cv: Cv, points: readonly Point[]): Line {
  return withMats('stages.detectCarrier', (keep) => {
    const mat = keep(new cv.Mat(points.length, 1, cv.CV_32FC2));
    mat.data32F.set(points.flat());
    const line = keep(new cv.Mat());
    cv.fitLine(mat, line, cv.DIST_HUBER, 0, 0.01, 0.01);
    const [dx, dy, x, y] = line.data32F;
    return { point: [x, y], direction: [dx, dy] };
  });
}

/** Where two lines meet; undefined where they are parallel. */
function meeting(a: Line, b: Line): Point | undefined {
  const [dx, dy] = a.direction;
  const cross = dx * b.direction[1] - dy * b.direction[0];
  if (Math.abs(cross) < 1e-6) return undefined;
  const [ox, oy] = [b.point[0] - a.point[0], b.point[1] - a.point[1]];
  const along = (ox * b.direction[1] - oy * b.direction[0]) / cross;
  return [a.point[0] + along * dx, a.point[1] + along * dy];
}
