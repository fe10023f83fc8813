import type { DecodedImage } from '../decoding/decoder.js';
import { check, checkKnownOptions, checkNumber, type OptionNames } from '../support/check.js';
import { bodyPartMask, checkMaskOptions, type MaskOptions } from './body-part-mask.js';
import { type CarrierOptions, checkCarrierOptions, detectCarrier } from './carrier.js';
import { contrastOf } from './contrast.js';
import { greyFilm } from './film.js';
import { padToSquare, resizeLongSide } from './fit.js';
import { groundBrightness, invert } from './inversion.js';
import { openCv, started, usable } from './open-cv.js';
import type { OpenCv } from './open-cv-interface.js';
import { cropPerspective } from './perspective.js';

/** Which stages run, and how; all but `cv` is JSON. `false` switches a stage off. */
export interface PreprocessingOptions {
  /** Detection of the carrier, and the crop. @defaultValue {} */
  readonly carrier?: CarrierOptions | false;
  /**
   * What is done with images that look like negatives. A real positive is taken for one now and then, so that they
   * are only flagged by default. @defaultValue {}
   */
  readonly inversion?:
    | {
        /** Turns them into positives, with the flag 'inverted' in place of 'perhapsInverted'. @defaultValue false */
        readonly turn?: boolean;
        /** `groundBrightness` above which an image is taken for a negative, -1 to 1. @defaultValue 0 */
        readonly above?: number;
      }
    | false;
  /** Flags images of low contrast. @defaultValue {} */
  readonly contrast?:
    | {
        /** Contrast below which an image is flagged, 0 to 1. @defaultValue 0.05 */
        readonly least?: number;
      }
    | false;
  /** Segmentation of the body part. @defaultValue {} */
  readonly mask?:
    | (MaskOptions & {
        /** Share of the image below which the mask is flagged, 0 to 1. @defaultValue 0.05 */
        readonly least?: number;
        /** Share of the image above which the mask is flagged, 0 to 1. @defaultValue 0.98 */
        readonly most?: number;
      })
    | false;
  /** Long side in pixels; the rest of a square is padded with black. @defaultValue 512 */
  readonly size?: number | false;
  /** OpenCV as the application has loaded it. @defaultValue the optional package `@techstark/opencv-js` */
  readonly cv?: OpenCv;
}

/** Flags, and the numbers that they rest on; those of a stage that is off are absent. */
export interface XrayQuality {
  /** What was done to the image, or should be checked by a person. */
  readonly flags: readonly (
    | 'cropped'
    | 'perhapsInverted'
    | 'inverted'
    | 'lowContrast'
    | 'noMask'
    | 'maskSmall'
    | 'maskLarge'
  )[];
  /**
   * Share of the image that the carrier takes, 0 to 1; 1 where none was found. 'cropped' is below 1. Absent with
   * `carrier: false`.
   */
  readonly carrierArea?: number;
  /** `stages.groundBrightness`, -1 to 1, of the image before any inversion. Absent with `inversion: false`. */
  readonly groundBrightness?: number;
  /** `stages.contrast`, 0 to 1. Absent with `contrast: false`. */
  readonly contrast?: number;
  /** Share of the film on the body part, 0 to 1; 'noMask' is 0. Absent with `mask: false`. */
  readonly maskArea?: number;
}

/** A film made ready, as an image source takes it from its `transform`. */
export interface PreprocessedXray extends DecodedImage {
  /**
   * [height, width], flattened, 255 on the body part, 0 elsewhere; all 255 on the film where none was found.
   * Absent with `mask: false`.
   */
  readonly mask?: Uint8Array;
  /** What was found on the way. */
  readonly quality: XrayQuality;
}

const optionNames: OptionNames<PreprocessingOptions> = {
  carrier: true,
  inversion: true,
  contrast: true,
  mask: true,
  size: true,
  cv: true,
};

/**
 * The preprocessing of the paper, as one function: crop to the carrier, check for negatives, contrast,
 * mask of the body part, long side, padding.
 *
 * Negatives are flagged; `inversion: { turn: true }` makes positives of them.
 *
 * @returns what makes a film ready: grey pixels of the kind they were, mask and quality; its `recipe` tells a source, and so a
 *   model, what it does
 * @throws INVALID_OPTION, UNKNOWN_OPTION; by what is returned MISSING_PEER, INVALID_IMAGES, SHAPE_MISMATCH
 * @see the paper, data sets; antoine-spahr/X-ray-Anomaly-Detection (MIT), of which most of the detail is.
 * @example
 * const source = await folderSource('films', { transform: preprocessXray({ size: 256 }) });
 */
export function preprocessXray(options: PreprocessingOptions = {}): ((
  image: DecodedImage,
) => Promise<PreprocessedXray>) & {
  /** Its name and options, JSON. */
  readonly recipe: {
    /** Of this function. */
    readonly name: 'preprocessXray';
    /** All stages, the defaults too. */
    readonly options: Omit<PreprocessingOptions, 'cv'>;
  };
} {
  checkOptions(options);
  let loading: Promise<OpenCv> | undefined;
  const { cv: given, carrier = {}, inversion = {}, contrast = {}, mask = {}, size = 512 } = options;
  const stages = { carrier, inversion, contrast, mask, size };
  const prepare = async (image: DecodedImage) => {
    loading ??= given ? started(given) : openCv();
    return prepared(usable('preprocessXray', await loading), image, stages);
  };
  return Object.assign(prepare, { recipe: { name: 'preprocessXray', options: stages } as const });
}

function checkOptions(options: PreprocessingOptions): void {
  const where = 'preprocessXray';
  checkKnownOptions(where, options, optionNames);
  const { carrier, inversion, contrast, mask, size } = options;
  if (carrier) checkCarrierOptions(where, carrier);
  if (inversion) checkInversionOptions(where, inversion);
  if (contrast) {
    checkKnownOptions(where, contrast, { least: true });
    checkNumber(where, 'contrast.least', contrast.least ?? 0, { min: 0, max: 1 });
  }
  if (mask) {
    const { least = 0, most = 1, ...rest } = mask;
    checkMaskOptions(where, rest);
    checkNumber(where, 'mask.least', least, { min: 0, max: 1 });
    checkNumber(where, 'mask.most', most, { min: 0, max: 1 });
  }
  if (size) checkNumber(where, 'size', size, { min: 1, integer: true });
}

function checkInversionOptions(
  where: string,
  inversion: Exclude<PreprocessingOptions['inversion'], false | undefined>,
): void {
  checkKnownOptions(where, inversion, { turn: true, above: true });
  const { turn = false, above = 0 } = inversion;
  check(
    typeof turn === 'boolean',
    'INVALID_OPTION',
    () => `${where}: inversion.turn is ${String(turn)}; expected true or false.`,
  );
  checkNumber(where, 'inversion.above', above, { min: -1, max: 1 });
}

function prepared(
  cv: OpenCv,
  image: DecodedImage,
  options: Required<Omit<PreprocessingOptions, 'cv'>>,
): PreprocessedXray {
  const { carrier, inversion, contrast, mask, size } = options;
  const flags: XrayQuality['flags'][number][] = [];
  const numbers: { -readonly [name in keyof XrayQuality]?: XrayQuality[name] } = {};
  let film = greyFilm('preprocessXray', image);
  const crop = () => {
    if (carrier === false || flags.includes('cropped')) return;
    const found = detectCarrier(cv, film, carrier);
    numbers.carrierArea = found?.area ?? 1;
    if (!found) return;
    flags.push('cropped');
    film = cropPerspective(cv, film, found.corners);
  };
  crop();
  if (inversion) {
    numbers.groundBrightness = groundBrightness(film);
    const negative = numbers.groundBrightness > (inversion.above ?? 0);
    if (negative) flags.push(inversion.turn ? 'inverted' : 'perhapsInverted');
    if (negative && inversion.turn) {
      film = invert(film);
      // Of a scan that is a negative as a whole, the ground is dark only now.
      crop();
    }
  }
  if (contrast) {
    numbers.contrast = contrastOf(film);
    if (numbers.contrast < (contrast.least ?? 0.05)) flags.push('lowContrast');
  }
  if (size) film = resizeLongSide(cv, film, size);
  const result = size ? padToSquare(film) : film;
  if (!mask) return { ...withoutMask(result), quality: { flags, ...numbers } };
  const { least = 0.05, most = 0.98, ...how } = mask;
  const body = bodyPartMask(cv, film, how);
  const area = body.reduce((sum, value) => sum + value, 0) / 255 / body.length;
  numbers.maskArea = area;
  if (area === 0) {
    flags.push('noMask');
    body.fill(255);
  } else if (area < least) flags.push('maskSmall');
  else if (area > most) flags.push('maskLarge');
  const padded = size ? padToSquare({ pixels: body, shape: film.shape }).pixels : body;
  return { ...result, mask: padded as Uint8Array, quality: { flags, ...numbers } };
}

function withoutMask({ mask: _, ...image }: DecodedImage): DecodedImage {
  return image;
}
