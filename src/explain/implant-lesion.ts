import { type ImageBatch, type ImageShape, imageCount, unitRange } from '../images/pixels.js';
import { check, checkKnownOptions, checkNumber } from '../support/check.js';
import { RandomStream } from '../support/random.js';

/** Options of `implantLesion`. */
export interface LesionOptions {
  /** Standard deviation of the spot along its longer axis, as a fraction of the image's width. @defaultValue 0.06 */
  readonly size?: number;
  /** Added at its centre, in [-1, 1]. @defaultValue 0.3 */
  readonly strength?: number;
  /** Share of height and width, in the middle, that centres are drawn from, 0 to 1. @defaultValue 0.6 */
  readonly within?: number;
  /** Of the draws: one seed, one place. */
  readonly seed: number;
}

/** An image with a lesion of known place. */
export interface ImplantedLesion {
  /** One image: pixels, float32 in [0, 1], and their shape. */
  readonly image: { readonly pixels: Float32Array; readonly shape: ImageShape };
  /** [height, width], flattened: 1 where the lesion adds at least a tenth of its strength, else 0. */
  readonly mask: Uint8Array;
}

/** Where a spot of this relative height ends: a tenth. */
const EDGE = 0.1;

/**
 * Draws a soft bright spot, an ellipse of random place, direction and elongation, into one image.
 *
 *     x' = clamp(x + strength * exp(-r^2 / 2), 0, 1)
 *
 * Made to measure whether a map points at what made the score rise; it is no model of a disease.
 *
 * @param image one image
 * @returns the image with the spot, and where it is
 * @throws INVALID_IMAGES | SHAPE_MISMATCH | PIXEL_RANGE | INVALID_OPTION | UNKNOWN_OPTION
 * @example
 * const { image, mask } = implantLesion(await normals.read([0]), { seed: 7 });
 */
export function implantLesion(image: ImageBatch, options: LesionOptions): ImplantedLesion {
  const where = 'implantLesion';
  checkKnownOptions(where, options, ['size', 'strength', 'within', 'seed']);
  const { size = 0.06, strength = 0.3, within = 0.6, seed } = options;
  checkNumber(where, 'size', size, { above: 0, max: 1 });
  checkNumber(where, 'strength', strength, { min: -1, max: 1 });
  checkNumber(where, 'within', within, { min: 0, max: 1 });
  const count = imageCount(where, image);
  check(
    count === 1,
    'SHAPE_MISMATCH',
    () => `${where}: got ${count} images; expected one; read them one by one.`,
  );
  const [height, width, channels] = image.shape;
  const random = new RandomStream(seed, ['lesion']);
  const centreX = width * (0.5 + within * (random.uniform() - 0.5));
  const centreY = height * (0.5 + within * (random.uniform() - 0.5));
  const angle = Math.PI * random.uniform();
  const long = size * width;
  const short = long * (0.5 + 0.5 * random.uniform());
  const pixels = unitRange(image, { where });
  const mask = new Uint8Array(height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x + 0.5 - centreX, y + 0.5 - centreY];
      const along = (Math.cos(angle) * dx + Math.sin(angle) * dy) / long;
      const across = (Math.cos(angle) * dy - Math.sin(angle) * dx) / short;
      const share = Math.exp(-(along ** 2 + across ** 2) / 2);
      if (share >= EDGE) mask[y * width + x] = 1;
      for (let c = 0; c < channels; c++) {
        const at = (y * width + x) * channels + c;
        pixels[at] = Math.min(1, Math.max(0, pixels[at] + strength * share));
      }
    }
  }
  return { image: { pixels, shape: image.shape }, mask };
}
