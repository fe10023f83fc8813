import {
  checkDecoding,
  type DecodedImage,
  type DecodeLimits,
  type Decoder,
} from '../decoding/decoder.js';
import { imageFormat } from '../decoding/image-format.js';
import { type PatientKeys, patientKeys } from '../records/patient-key.js';
import { checkKnownOptions, type OptionNames } from '../support/check.js';
import { createCodecs } from './codecs.js';
import { elementLimits } from './element-limits.js';
import { beginsUnmarked } from './file-header.js';
import { checkFrame, readFrame } from './read-dicom.js';
import { checkWindowChoice, rendered, type WindowChoice } from './render.js';

/** How DICOM files are read and shown. */
export interface DicomOptions {
  /** Which values are shown from black to white; see `renderDicom`. @defaultValue 'file' */
  readonly window?: WindowChoice;
  /** Makes the keys of patient and study. @defaultValue `patientKeys()`, by a salt that nobody knows */
  readonly keys?: PatientKeys;
  /** Which frame of files of several, from 0; without it such files are refused. */
  readonly frame?: number;
  /**
   * Where a page finds the codecs' WebAssembly, by the name of the file; without it they look beside themselves,
   * as in Node.
   */
  readonly wasmUrl?: (file: string) => string;
  /** How many elements, items of sequences and fragments of pixels are read at most. @defaultValue 2 ** 20 */
  readonly maxElements?: number;
  /** How deep sequences may lie within sequences, up to 1000. @defaultValue 64 */
  readonly maxDepth?: number;
}

const optionNames: OptionNames<DicomOptions> = {
  window: true,
  keys: true,
  frame: true,
  wasmUrl: true,
  maxElements: true,
  maxDepth: true,
};

/**
 * Decodes DICOM files into the grey that a viewer shows.
 *
 * Each kind of compression needs an optional package; which one is said where it is missing. Not a medical device.
 *
 * @returns a decoder, for a source of images
 * @throws UNKNOWN_OPTION, INVALID_OPTION; NO_CRYPTO where keys can be made nowhere; by `decode` IMAGE_TRUNCATED,
 * IMAGE_INVALID, IMAGE_TOO_LARGE, IMAGE_UNSUPPORTED, MISSING_PEER
 * @see `readDicom` for the values as they are stored
 * @example
 * const decoder = dicom({ keys: patientKeys({ salt }) });
 * const { pixels, shape, metadata } = await decoder.decode(bytes, { maxPixels: 2 ** 26 });
 */
export function dicom(options: DicomOptions = {}): Decoder {
  checkKnownOptions('dicom', options, optionNames);
  const { window = 'file', keys = patientKeys(), frame, wasmUrl } = options;
  checkWindowChoice('dicom', window);
  checkFrame('dicom', frame);
  const limits = elementLimits('dicom', options);
  const reader = { where: 'dicom', keys, codecs: createCodecs({ wasmUrl }) };
  return {
    name: 'dicom',
    recipe: { window: plain(window), ...(frame !== undefined && { frame }) },
    accepts: (head, format = imageFormat(head)) =>
      format === 'application/dicom' || (format === undefined && beginsUnmarked(head)),
    async decode(bytes: Uint8Array, decoding: DecodeLimits): Promise<DecodedImage> {
      checkDecoding('dicom', bytes, decoding);
      const { maxPixels } = decoding;
      return rendered(
        'dicom',
        await readFrame(bytes, { frame, maxPixels, ...limits }, reader),
        window,
      );
    },
  };
}

/** As it is without its default, so that it is equal to one that does not say it. */
function plain(window: WindowChoice): WindowChoice {
  if (typeof window === 'string') return window;
  const { center, width, shape = 'LINEAR' } = window;
  return shape === 'LINEAR' ? { center, width } : { center, width, shape };
}
