import { check, checkBytes, checkChoice, checkNumber, checkObject } from '../../support/check.js';
import { inNameOf } from '../in-name-of.js';
import { band } from './burned-text.js';
import { commonAttributes, MARK, referenceTo } from './common-attributes.js';
import { filmFacts } from './film-facts.js';
import { checkStatement, type structuredReport, verdictOf } from './structured-report.js';
import { uidOf } from './uid-of.js';
import { fileOf } from './write-elements.js';

const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';

/** What is said of a film. */
type Statement = Parameters<typeof structuredReport>[1];

/** RGB rows, [height, width, 3]. */
interface Drawn {
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly height: number;
  readonly width: number;
}

/**
 * Makes a secondary capture (DICOM) of a picture, the film under its map say, for the study that the film lies in.
 *
 * Above the picture stands in its pixels "RESEARCH SOFTWARE, NOT A MEDICAL DEVICE", below it the score, the p-value, the verdict and the model; the
 * description of the series says the first, too. Attributes of patient and study are copied from the film as its bytes stand, and go nowhere
 * else. UIDs are `2.25.` and a UUID made of picture and statement: the same ones on the same film have the same UIDs.
 *
 * @param film the whole DICOM file of the film
 * @param picture 8 bits a channel, as `overlay` makes it; alpha is left out
 * @param statement what is said of the film; `promise` and `restsOn` are too long for a picture and are left out
 * @returns a DICOM file in explicit little-endian form, RGB, uncompressed
 * @throws INVALID_OPTION, SHAPE_MISMATCH, UNKNOWN_OPTION, NO_CRYPTO; IMAGE_INVALID where the film does not name its study, series and instance;
 * IMAGE_TRUNCATED, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE
 * @see DICOM PS3.3, A.8.1 (Secondary Capture), C.8.6 (its modules).
 * @example
 * const capture = await dicomResult.secondaryCapture(film, overlay(image, map), { score: 1.93, model: 'sha256 1f0c' });
 */
export async function secondaryCapture(
  film: Uint8Array,
  picture: {
    /** [height, width, channels], flattened. */
    readonly pixels: Uint8Array;
    /** In pixels, up to 32,768. */
    readonly height: number;
    /** In pixels, at least 32, up to 65,535. */
    readonly width: number;
    /** 1 = grey, 3 = RGB, 4 = RGBA. */
    readonly channels: 1 | 3 | 4;
  },
  statement: Parameters<typeof structuredReport>[1],
): Promise<Uint8Array> {
  const where = 'dicomResult.secondaryCapture';
  checkBytes(where, 'film', film);
  checkPicture(where, picture);
  checkStatement(where, statement);
  return inNameOf(where, async () => {
    const facts = filmFacts(film);
    const { pixels, height, width } = drawn(picture, statement);
    const { date: _, ...said } = statement;
    const names = [where, facts.study, facts.series];
    const uid = await uidOf(where, [...names, facts.instance, said, width], pixels);
    const series = await uidOf(where, [...names, statement.model]);
    return fileOf({ sopClass: SECONDARY_CAPTURE, uid }, [
      ...commonAttributes(facts, statement, { uid: series, number: 9802, what: 'anomaly map' }),
      ...facts.ofImages,
      [0x00080008, 'CS', backslashed('DERIVED', 'SECONDARY')],
      // No modality of films: who looks for films does not find what was made of them.
      [0x00080060, 'CS', 'OT'],
      [0x00080064, 'CS', 'WSD'],
      [0x00082111, 'ST', `${MARK}. A map shows what moved a score, not where a disease is.`],
      [0x00082112, 'SQ', [referenceTo(facts)]],
      [0x00200020, 'CS', ''],
      [0x00280002, 'US', 3],
      [0x00280004, 'CS', 'RGB'],
      [0x00280006, 'US', 0],
      [0x00280010, 'US', height],
      [0x00280011, 'US', width],
      [0x00280100, 'US', 8],
      [0x00280101, 'US', 8],
      [0x00280102, 'US', 7],
      [0x00280103, 'US', 0],
      [0x7fe00010, 'OB', pixels],
    ]);
  });
}

function checkPicture(where: string, picture: Parameters<typeof secondaryCapture>[1]): void {
  checkObject(where, 'picture', picture, 'an object with pixels, height, width and channels');
  const { pixels, height, width, channels } = picture;
  checkBytes(where, 'pixels of picture', pixels);
  checkNumber(where, 'height of picture', height, { min: 1, max: 2 ** 15, integer: true });
  checkNumber(where, 'width of picture', width, { min: 32, max: 2 ** 16 - 1, integer: true });
  checkChoice(where, 'channels of picture', String(channels), ['1', '3', '4']);
  check(
    pixels.length === height * width * channels,
    'SHAPE_MISMATCH',
    () =>
      `${where}: picture has ${pixels.length} values; expected ${height} x ${width} x ${channels}.`,
  );
}

/** A picture between what it is not and what it says. */
function drawn(
  { pixels, height, width, channels }: Parameters<typeof secondaryCapture>[1],
  statement: Statement,
): Drawn {
  const { score, pValue, threshold, model } = statement;
  const above = band([MARK], width);
  const below = band(
    [
      `salad-ad score ${short(score)}${pValue === undefined ? '' : ` p ${short(pValue)}`}`,
      `${verdictOf(statement)}${threshold === undefined ? '' : ` ${short(threshold)}`}`,
      `model ${model.slice(0, 24)}`,
    ],
    width,
  );
  const rows = above.height + height + below.height;
  const all = new Uint8Array(rows * width * 3);
  const grey = (rows: Uint8Array, from: number) => {
    for (let i = 0; i < rows.length; i++) all.fill(rows[i], from + 3 * i, from + 3 * i + 3);
  };
  grey(above.pixels, 0);
  const at = above.pixels.length * 3;
  for (let i = 0; i < height * width; i++)
    for (let c = 0; c < 3; c++)
      all[at + 3 * i + c] = pixels[i * channels + (channels === 1 ? 0 : c)];
  grey(below.pixels, at + height * width * 3);
  return { pixels: all, height: rows, width };
}

const short = (value: number) => String(Number(value.toPrecision(3)));

/** Several values of one element. */
const backslashed = (...values: string[]) =>
  Uint8Array.from(values.join('\\'), (letter) => letter.charCodeAt(0));
