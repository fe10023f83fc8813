import type { ImageBatch, ImageShape } from '../images/pixels.js';
import { checkBytes, checkObject } from '../support/check.js';
import type { SaladWarning } from '../support/warning.js';

/** One image as its file holds it. */
export interface DecodedImage {
  /** [height, width, channels], flattened; uint8, uint16 up to 2^bitsStored - 1, or float32 in [0, 1]. */
  readonly pixels: ImageBatch['pixels'];
  /** Of the image. */
  readonly shape: ImageShape;
  /**
   * Bits in use of a uint16 pixel.
   *
   * @defaultValue 16
   */
  readonly bitsStored?: number;
  /** [height, width], 0 to 255: how much each pixel counts in the reconstruction loss; absent: every pixel does. */
  readonly mask?: Uint8Array;
  /** What the file says of its image; absent where the decoder reads none of it. */
  readonly metadata?: ImageMetadata;
  /** What the user should know of how the file was read; absent where there is nothing. */
  readonly warnings?: readonly SaladWarning[];
}

/** What a file says of its image; what it does not say is absent. */
export interface ImageMetadata {
  /** Its media type, 'image/png' or 'application/dicom'; absent where the decoder does not say it. */
  readonly format?: string;
  /** Patient key, a salted hash of the identifier in the file; see `patientKeys`; absent where it has none. */
  readonly patient?: string;
  /** Study key, a salted hash likewise; absent where it has none. */
  readonly study?: string;
  /** Direction of the beam, 'PA' or 'AP', such as DICOM's ViewPosition (0018,5101); absent where unknown. */
  readonly view?: string;
  /** Such as DICOM's BodyPartExamined (0018,0015): 'CHEST'; absent where unknown. */
  readonly bodyPart?: string;
  /** Side of the body, left or right; absent where unknown. */
  readonly laterality?: 'L' | 'R';
  /** Of the patient, in years; absent where unknown. */
  readonly age?: number;
  /** Of the patient; absent where unknown. */
  readonly sex?: 'F' | 'M';
}

/** What the header of a file says of its image. */
export interface ImageHeader {
  readonly height: number;
  readonly width: number;
  /** 1 where the format itself says grey, else 3. */
  readonly channels: 1 | 3;
  /** Bits of one channel of one pixel. */
  readonly bits: number;
  /** Whether the channel behind the others is no alpha, though a decoder takes it for one. */
  readonly noAlpha?: boolean;
  /** How many of them the file calls significant; absent where it does not say. */
  readonly significant?: number;
}

/** What a decoder keeps to. */
export type DecodeLimits = Parameters<Decoder['decode']>[1];

/**
 * Turns files of one format, or of several, into pixels.
 *
 * Decoders of the library: `browserImages` here, `nodeImages` of 'salad-ad/node', `dicom` of 'salad-ad/dicom'.
 */
export interface Decoder {
  /** Shown in errors, such as 'dicom'. */
  readonly name: string;
  /** JSON of what it was told that changes pixels, for the recipe of a source; absent: nothing. */
  readonly recipe?: Readonly<Record<string, unknown>>;
  /**
   * Whether the first bytes are of a format of this decoder; the name of the file does not count.
   *
   * @param head the first 512 bytes of the file, or the whole file
   * @param format what `imageFormat` says of them, if the caller knows
   * @returns true where `decode` takes the file
   */
  accepts(head: Uint8Array, format?: string): boolean;
  /**
   * Decodes a file.
   *
   * @param bytes the whole file
   * @param limits `maxPixels`, and the format if it is known
   * @returns its one image
   * @throws IMAGE_TRUNCATED | IMAGE_INVALID | IMAGE_TOO_LARGE | IMAGE_UNSUPPORTED, each naming what was found
   * and the remedy; MISSING_PEER where an optional package is not there
   */
  decode(
    bytes: Uint8Array,
    limits: {
      /** Height times width that an image may have, checked in the file's header before any pixel is decoded. */
      readonly maxPixels: number;
      /** What `imageFormat` says of the file; absent: the decoder asks it. */
      readonly format?: string;
    },
  ): Promise<DecodedImage>;
}

/** What `decode` is given, or INVALID_OPTION. */
export function checkDecoding(where: string, bytes: Uint8Array, limits: DecodeLimits): void {
  checkBytes(where, 'bytes', bytes);
  checkObject(where, 'limits', limits, '{ maxPixels }');
}
