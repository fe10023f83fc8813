import type { ImageBatch, ImageShape } from '../images/pixels.js';

/** One image as its file holds it. */
export interface DecodedImage {
  /** [height, width, channels], flattened; uint8, uint16 up to 2^bitsStored - 1, or float32 in [0, 1]. */
  readonly pixels: ImageBatch['pixels'];
  readonly shape: ImageShape;
  /**
   * Bits in use of a uint16 pixel.
   *
   * @defaultValue 16
   */
  readonly bitsStored?: number;
  /** [height, width], 0 to 255: how much each pixel counts in the reconstruction loss; see `ImageBatch`. */
  readonly mask?: Uint8Array;
  readonly metadata?: ImageMetadata;
}

/** What a file says of its image, as far as it says it. */
export interface ImageMetadata {
  /** 'image/png', 'application/dicom', ... */
  readonly format?: string;
  /** Patient key, a salted hash of the identifier in the file; see `patientKeys`. */
  readonly patient?: string;
  /** Study key, a salted hash likewise. */
  readonly study?: string;
  readonly view?: string;
  readonly bodyPart?: string;
  readonly laterality?: 'L' | 'R';
  readonly age?: number;
  readonly sex?: 'F' | 'M';
}

/** What stands in a file before its pixels. */
export interface ImageHeader {
  readonly height: number;
  readonly width: number;
  /** 1 where the format itself says grey, else 3. */
  readonly channels: 1 | 3;
  /** Bits of one channel of one pixel. */
  readonly bits: number;
}

/** What a decoder keeps to. */
export interface DecodeLimits {
  /** Height times width, checked in the file's header before any pixel is decoded. */
  readonly maxPixels: number;
  /** What `imageFormat` says of the file, where the caller has asked already. */
  readonly format?: string;
}

/** One format, or several, into pixels. */
export interface Decoder {
  /** Shown in errors, such as 'dicom'. */
  readonly name: string;
  /**
   * Whether the first bytes are of a format of this decoder; the name of the file does not count.
   *
   * @param format what `imageFormat` says of them, where the caller has asked already
   */
  accepts(head: Uint8Array, format?: string): boolean;
  /**
   * @throws IMAGE_TRUNCATED | IMAGE_INVALID | IMAGE_TOO_LARGE | IMAGE_UNSUPPORTED, each naming what was found
   * and the remedy; MISSING_PEER where an optional package is not there
   */
  decode(bytes: Uint8Array, limits: DecodeLimits): Promise<DecodedImage>;
}
