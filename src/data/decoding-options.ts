import type { DecodedImage, Decoder } from '../decoding/decoder.js';
import type { ImageRecipe } from '../images/image-recipe.js';
import type { ImageProblem } from '../images/problems.js';
import type { ResizePolicy } from '../images/resize.js';
import type { ImageRecord } from '../records/image-record.js';
import type { SaladWarning } from '../support/warning.js';

/** Options of every source that decodes files, whatever it reads them from. */
export interface DecodingOptions {
  /**
   * Each file is decoded by the first of these that accepts it.
   *
   * @defaultValue of `fileSource`: `[browserImages()]`; of `folderSource` and `recordSource`: `[dicom(), nodeImages()]`
   */
  readonly decoders?: readonly Decoder[];
  /**
   * Changes an image as decoded, before its channels and its size; may write into it. Absent: nothing is changed. One with a
   * `recipe`, as `preprocessXray` has, is known by it; all others are alike to a model.
   */
  readonly transform?: ((
    image: DecodedImage,
    record: ImageRecord,
  ) => DecodedImage | Promise<DecodedImage>) & {
    /** Its name and options; absent: it is 'custom'. */
    readonly recipe?: ImageRecipe['transform'];
  };
  /**
   * Bits in use of 16-bit pixels, 1 to 16, in files that do not say it themselves as DICOM does: 12 where white is 4095.
   *
   * @defaultValue 16
   */
  readonly bitsStored?: number;
  /**
   * 1: grey; 3: colour.
   *
   * @defaultValue 1
   */
  readonly channels?: 1 | 3;
  /** Height and width in pixels that every image is brought to; without it each keeps its own. */
  readonly size?: readonly [height: number, width: number];
  /**
   * How images of another size are brought to `size`.
   *
   * @defaultValue `{ method: 'area', fit: 'pad' }`
   */
  readonly resize?: ResizePolicy;
  /**
   * Height times width that an image may have, checked in its header.
   *
   * @defaultValue 2^26
   */
  readonly maxPixels?: number;
  /**
   * How many images are read and decoded at once, over all reads of the source that are under way.
   *
   * @defaultValue 4
   */
  readonly concurrency?: number;
  /**
   * Bytes of decoded, resized images that the source keeps in memory, so that those are decoded once; 0 keeps none. First
   * come, first kept.
   *
   * @defaultValue 2^28, 256 MiB
   */
  readonly cacheBytes?: number;
  /**
   * `error`: a read of an image that cannot be read fails. `skip`: the batch lacks it and says why.
   *
   * @defaultValue 'error'
   */
  readonly onUnreadable?: 'error' | 'skip';
  /** Called with every image that is skipped, each time that it is; absent: only the batch tells of it. */
  readonly onProblem?: (problem: ImageProblem) => void;
  /**
   * Called with what is doubtful about an image that was read, such as a window in a DICOM file that cannot be used, once for each
   * image; absent: nothing tells of it.
   */
  readonly onWarning?: (warning: SaladWarning) => void;
}

/** The names of these options, for the check of unknown ones. */
export const decodingOptions: Readonly<Record<keyof DecodingOptions, true>> = {
  decoders: true,
  transform: true,
  bitsStored: true,
  channels: true,
  size: true,
  resize: true,
  maxPixels: true,
  concurrency: true,
  cacheBytes: true,
  onUnreadable: true,
  onProblem: true,
  onWarning: true,
};
