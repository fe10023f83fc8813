import type { DecodedImage } from '../../src/decoding/decoder.js';
import { RandomStream } from '../../src/support/random.js';

/** What is on a drawn film. */
export const bodyParts = ['hand', 'forearm', 'shoulder'] as const;

/** What is difficult about a drawn film. */
export const difficulties = [
  'plain',
  'noisy',
  'low contrast',
  'film inverted',
  'scan inverted',
  'markers',
  'faint ground',
  'no carrier',
  'film out of frame',
] as const;

export interface DrawnFilm {
  readonly image: DecodedImage;
  /** Of the film, clockwise from its own upper left; undefined where the film is the whole image. */
  readonly corners?: readonly (readonly [x: number, y: number])[];
  /** [height, width], 1 on the body. */
  readonly body: Uint8Array;
  readonly inverted: boolean;
}

type Point = readonly [x: number, y: number];
/** From one point to another, with half the width at either end, in units of the film's width. */
type Limb = readonly [from: Point, to: Point, startRadius: number, endRadius: number];

/**
 * A film on a black ground, as a scanner sees it: turned, seen at an angle, with a body part of soft tissue
 * and bone on it, and noise. What is drawn is known: the corners of the film and the outline of the body.
 */
export function drawnFilm(
  part: (typeof bodyParts)[number],
  difficulty: (typeof difficulties)[number],
  seed: number,
  longSide = 512,
): DrawnFilm {
  const random = new RandomStream(seed, ['drawn film', part, difficulty]);
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  const [width, height] = [Math.round(between(0.65, 1) * longSide), longSide];
  const whole = difficulty === 'no carrier';
  const corners = whole
    ? wholeFrame(width, height)
    : turnedFrame(width, height, between, difficulty);
  const toFilm = inverseHomography(corners);
  const aspect = side(corners, 0, 3) / side(corners, 0, 1);
  const limbs = limbsOf(part, aspect, between);
  const ground = difficulty === 'faint ground' ? between(0.05, 0.08) : between(0.1, 0.3);
  const tissue = between(0.15, 0.25);
  const bone = between(0.2, 0.35);
  const outside = between(0, 0.02);
  const noise = difficulty === 'noisy' ? 0.04 : 0.012;
  const tilt = between(-0.03, 0.03);
  const markers = difficulty === 'markers' ? markersOn(aspect, between) : [];
  const outsideLabel = difficulty === 'markers';
  const strength = difficulty === 'low contrast' ? 0.06 : 1;
  const base = difficulty === 'low contrast' ? between(0.1, 0.6) : 0;
  const values = new Float32Array(width * height);
  const body = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const [u, v] = toFilm(x, y);
      let value = outside;
      if (u >= 0 && u < 1 && v >= 0 && v < 1) {
        const [flesh, core] = depths([u, v * aspect], limbs);
        value = ground + tilt * (u - 0.5);
        if (flesh > 0) {
          body[at] = 1;
          // A round limb is thickest in its middle, but shows at its edge already.
          value += tissue * (0.35 + 0.65 * Math.sqrt(Math.min(1, flesh / 0.06)));
        }
        if (core > 0) value += bone * Math.sqrt(Math.min(1, core / 0.02));
        for (const [mx, my, size] of markers)
          if (Math.abs(u - mx) < size && Math.abs(v * aspect - my) < size / 2) value = 0.95;
        if (difficulty === 'film inverted') value = 1 - value;
      } else if (
        outsideLabel &&
        x > 0.012 * height &&
        x < 0.09 * height &&
        y > 0.97 * height &&
        y < 0.985 * height
      ) {
        value = 0.9;
      }
      value += noise * random.gaussian();
      value = base + strength * Math.min(Math.max(value, 0), 1);
      values[at] = Math.min(Math.max(difficulty === 'scan inverted' ? 1 - value : value, 0), 1);
    }
  }
  const pixels = Uint8Array.from(values, (value) => 255 * value + 0.5);
  return {
    image: { pixels, shape: [height, width, 1] },
    ...(!whole && { corners }),
    body,
    inverted: difficulty === 'film inverted' || difficulty === 'scan inverted',
  };
}

type Between = (low: number, high: number) => number;

function wholeFrame(width: number, height: number): Point[] {
  const [right, bottom] = [width - 0.5, height - 0.5];
  return [
    [-0.5, -0.5],
    [right, -0.5],
    [right, bottom],
    [-0.5, bottom],
  ];
}

function turnedFrame(
  width: number,
  height: number,
  between: Between,
  difficulty: (typeof difficulties)[number],
): Point[] {
  const angle = (between(-20, 20) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [w, h] = [between(0.6, 0.85) * width, between(0.6, 0.85) * height];
  // As large as its turned corners leave room for, or half as large again.
  const room = Math.min(
    width / (w * Math.abs(cos) + h * Math.abs(sin)),
    height / (w * Math.abs(sin) + h * Math.abs(cos)),
  );
  const size = Math.min(1, room * 0.94) * (difficulty === 'film out of frame' ? 1.3 : 1);
  [w, h] = [w * size, h * size];
  const middle = [width / 2, height / 2];
  const signs = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ];
  return signs.map(([sx, sy]): Point => {
    const px = (sx * w) / 2 + between(-0.015, 0.015) * w;
    const py = (sy * h) / 2 + between(-0.015, 0.015) * h;
    return [middle[0] + px * cos - py * sin, middle[1] + px * sin + py * cos];
  });
}

function side(corners: readonly Point[], i: number, j: number): number {
  return Math.hypot(corners[i][0] - corners[j][0], corners[i][1] - corners[j][1]);
}

/** Soft tissue and bones, where x is 0 to 1 over the film and y 0 to its aspect. */
function limbsOf(
  part: (typeof bodyParts)[number],
  aspect: number,
  between: Between,
): { flesh: Limb[]; bones: Limb[] } {
  const x = between(0.42, 0.58);
  if (part === 'hand') {
    const wrist: Point = [x, aspect * 1.1];
    const palm: Point = [x + between(-0.05, 0.05), aspect * 0.62];
    const tips = [-0.3, -0.13, 0.02, 0.16, 0.28].map(
      (dx, i): Point => [palm[0] + dx * 0.95, aspect * [0.5, 0.22, 0.15, 0.2, 0.32][i]],
    );
    const knuckles = tips.map(
      ([tx], i): Point => [
        palm[0] + (tx - palm[0]) * 0.55,
        palm[1] - (i === 0 ? -0.05 : 0.1) * aspect,
      ],
    );
    return {
      flesh: [
        [wrist, palm, 0.1, 0.17],
        ...knuckles.map((knuckle, i): Limb => [knuckle, tips[i], 0.055, 0.038]),
        ...knuckles.map((knuckle): Limb => [palm, knuckle, 0.13, 0.055]),
      ],
      bones: [
        [[wrist[0] - 0.04, wrist[1]], [palm[0] - 0.03, palm[1] + 0.1 * aspect], 0.03, 0.03],
        [[wrist[0] + 0.04, wrist[1]], [palm[0] + 0.03, palm[1] + 0.1 * aspect], 0.025, 0.02],
        ...knuckles.map((knuckle, i): Limb => [knuckle, tips[i], 0.02, 0.014]),
        ...knuckles.map((knuckle): Limb => [palm, knuckle, 0.02, 0.02]),
      ],
    };
  }
  if (part === 'forearm') {
    const [from, to]: Point[] = [
      [x - between(0, 0.15), -0.1],
      [x + between(0, 0.15), aspect + 0.1],
    ];
    const radius = between(0.12, 0.18);
    const shifted = ([px, py]: Point, by: number): Point => [px + by, py];
    return {
      flesh: [[from, to, radius * 0.8, radius]],
      bones: [
        [shifted(from, -0.05), shifted(to, -0.06), 0.03, 0.035],
        [shifted(from, 0.05), shifted(to, 0.05), 0.03, 0.025],
      ],
    };
  }
  const joint: Point = [between(0.4, 0.5), aspect * between(0.4, 0.5)];
  return {
    flesh: [
      [joint, [1.2, aspect * 0.7], 0.24, 0.6],
      [joint, [0.2, aspect * 1.1], 0.24, 0.16],
    ],
    bones: [
      [joint, [0.22, aspect * 1.1], 0.08, 0.05],
      [[joint[0] + 0.1, joint[1] - 0.03], [1.1, aspect * 0.32], 0.03, 0.02],
      [[joint[0] + 0.14, joint[1]], [0.85, aspect * 0.85], 0.04, 0.03],
    ],
  };
}

function markersOn(aspect: number, between: Between): (readonly [number, number, number])[] {
  return [
    [between(0.1, 0.2), 0.1 * aspect, 0.04],
    [between(0.75, 0.88), 0.1 * aspect, 0.03],
  ];
}

/** How deep a point lies in the tissue and in the bones, in widths of the film; not above 0 outside. */
function depths(
  point: Point,
  { flesh, bones }: { flesh: Limb[]; bones: Limb[] },
): [number, number] {
  return [deepest(point, flesh), deepest(point, bones)];
}

function deepest([x, y]: Point, limbs: readonly Limb[]): number {
  let depth = Number.NEGATIVE_INFINITY;
  for (const [[ax, ay], [bx, by], start, end] of limbs) {
    const [dx, dy] = [bx - ax, by - ay];
    const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
    const radius = start + along * (end - start);
    depth = Math.max(depth, radius - Math.hypot(x - ax - along * dx, y - ay - along * dy));
  }
  return depth;
}

/** From a pixel to the unit square whose corners are at the given points: Heckbert's closed form, inverted. */
function inverseHomography(corners: readonly Point[]): (x: number, y: number) => Point {
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = corners;
  const [sx, sy] = [x0 - x1 + x2 - x3, y0 - y1 + y2 - y3];
  const [dx1, dx2, dy1, dy2] = [x1 - x2, x3 - x2, y1 - y2, y3 - y2];
  const det = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / det;
  const h = (dx1 * sy - sx * dy1) / det;
  const [a, b, c] = [x1 - x0 + g * x1, x3 - x0 + h * x3, x0];
  const [d, e, f] = [y1 - y0 + g * y1, y3 - y0 + h * y3, y0];
  return (x, y) => {
    const u = (e - f * h) * x + (c * h - b) * y + (b * f - c * e);
    const v = (f * g - d) * x + (a - c * g) * y + (c * d - a * f);
    const w = (d * h - e * g) * x + (b * g - a * h) * y + (a * e - b * d);
    return [u / w, v / w];
  };
}
