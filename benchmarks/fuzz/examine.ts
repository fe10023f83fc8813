import type { DecodedImage, Decoder } from '../../src/decoding/decoder.js';
import { decodeDeepPng } from '../../src/decoding/deep-png.js';
import { chooseDecoder } from '../../src/decoding/image-format.js';
import { readImageHeader } from '../../src/decoding/read-image-header.js';
import { dicom } from '../../src/dicom/dicom.js';
import { elementLimits } from '../../src/dicom/element-limits.js';
import { readGreyScale } from '../../src/dicom/grey-scale.js';
import { describeImage } from '../../src/dicom/image-description.js';
import { readMetadata } from '../../src/dicom/metadata.js';
import { parseFile } from '../../src/dicom/parse-file.js';
import { nodeImages } from '../../src/node/node-images.js';
import { patientKeys } from '../../src/records/patient-key.js';
import { isSaladError, type SaladError } from '../../src/support/errors.js';
import type { Task } from './inputs.js';

/** Height times width, and with it memory, that an input may ask for. */
export const MAX_PIXELS = 2 ** 20;

const CODES = [
  'IMAGE_INVALID',
  'IMAGE_TOO_LARGE',
  'IMAGE_TRUNCATED',
  'IMAGE_UNREADABLE',
  'IMAGE_UNSUPPORTED',
];

/** Of the patient that the seeds name; an invented one. */
const IDENTIFIERS = /drawn|phantom|0815|20200229/i;

/** What must never come of a file, however damaged. */
export class Finding extends Error {}

/** What an input came to. */
export interface Outcome {
  /** 'ok', or the code that it was refused with. */
  readonly outcome: string;
  /** Where it was decoded. */
  readonly image?: DecodedImage;
}

/** Examines inputs with decoders that are kept from one to the next. @throws Finding */
export function createExaminer(): (task: Task, bytes: Uint8Array) => Promise<Outcome> {
  const keys = patientKeys({ salt: 'salt of damaged files' });
  // As sources read files, and of several frames the first.
  const decoders = [dicom({ keys, frame: 0 }), nodeImages()];
  const limits = { maxPixels: MAX_PIXELS };

  async function parse(decoder: Decoder, bytes: Uint8Array): Promise<void> {
    if (decoder.name !== 'dicom') {
      readImageHeader(decoder.name, bytes, limits);
      return;
    }
    const { dataSet } = parseFile(bytes, { maxPixels: MAX_PIXELS, ...elementLimits('dicom', {}) });
    readGreyScale(dataSet, describeImage(dataSet, MAX_PIXELS));
    checkMetadata(await readMetadata(dataSet, keys));
  }

  /** A page decodes PNG of 16 bits by other means. */
  async function decodeInPage(bytes: Uint8Array): Promise<void> {
    const { format, ...header } = readImageHeader('page', bytes, limits);
    if (format === 'image/png' && header.bits === 16)
      checkImage(await decodeDeepPng('page', bytes, header));
  }

  return async (task, bytes) => {
    try {
      const decoder = chooseDecoder(decoders, bytes.subarray(0, 512));
      if (task === 'decode') {
        if (decoder.name !== 'dicom') await decodeInPage(bytes);
        const image = await decoder.decode(bytes, limits);
        checkImage(image);
        return { outcome: 'ok', image };
      }
      await parse(decoder, bytes);
      return { outcome: 'ok' };
    } catch (error) {
      if (error instanceof Finding) throw error;
      if (!isSaladError(error) || !CODES.includes(error.code)) throw unexpected(error);
      checkDiscreet(error);
      return { outcome: error.code };
    }
  };
}

/** An error that none of ours was raised for. */
export function unexpected(error: unknown): Finding {
  if (!(error instanceof Error)) return new Finding(`threw ${typeof error} ${String(error)}`);
  const [place = ''] = error.stack?.match(/\b(src|node_modules)\/[^)\s]+/) ?? [];
  return new Finding(`${error.name}: ${error.message} (${place})`, { cause: error });
}

/** No word of the patient in what is logged of an error: message, details, cause. */
function checkDiscreet(error: SaladError): void {
  const { message, details, cause } = error;
  const logged = [message, JSON.stringify(details), cause && String(cause)].join('\n');
  if (IDENTIFIERS.test(logged)) throw new Finding(`an identifier in the error: ${logged}`);
  if (message.length > 1000) throw new Finding(`an error of ${message.length} characters`);
  if (/undefined|NaN|\[object/.test(message)) throw new Finding(`an unclear error: ${message}`);
}

/** What the interface of a decoder promises. */
export function checkImage({ pixels, shape, bitsStored, metadata }: DecodedImage): void {
  const [height, width, channels] = shape;
  const whole = shape.length === 3 && shape.every((side) => Number.isInteger(side) && side > 0);
  if (!whole) throw new Finding(`a shape of [${shape}]`);
  if (height * width > MAX_PIXELS) throw new Finding('more pixels than the limit');
  if (channels !== 1 && channels !== 3) throw new Finding(`${channels} channels`);
  if (pixels.length !== height * width * channels)
    throw new Finding(`${pixels.length} values for a shape of [${shape}]`);
  const top = topOf(pixels, bitsStored);
  for (let i = 0; i < pixels.length; i++)
    if (!(pixels[i] >= 0 && pixels[i] <= top))
      throw new Finding(`a pixel of ${pixels[i]}, where ${top} is the most`);
  checkMetadata(metadata ?? {});
}

function topOf(pixels: DecodedImage['pixels'], bitsStored = 16): number {
  if (pixels instanceof Float32Array) return 1;
  if (pixels instanceof Uint8Array || pixels instanceof Uint8ClampedArray) return 255;
  if (!(pixels instanceof Uint16Array)) throw new Finding('pixels of another kind');
  if (!Number.isInteger(bitsStored) || bitsStored < 1 || bitsStored > 16)
    throw new Finding(`bitsStored is ${bitsStored}`);
  return 2 ** bitsStored - 1;
}

function checkMetadata({ patient, study, age, ...rest }: NonNullable<DecodedImage['metadata']>) {
  for (const key of [patient, study])
    if (key !== undefined && !/^[0-9a-f]{8}-[0-9a-f]{24}$/.test(key))
      throw new Finding(`'${key}' for a key`);
  if (age !== undefined && !(age >= 0 && age < 1000)) throw new Finding(`an age of ${age}`);
  if (IDENTIFIERS.test(JSON.stringify(rest)))
    throw new Finding(`an identifier in the metadata: ${JSON.stringify(rest)}`);
}
