/** Height, width and channels of one image. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/**
 * A batch of images as they were read: rows of pixels, channels last, one image after the other.
 *
 * uint8 counts from 0 to 255, uint16 from 0 to 2^bitsStored - 1, float32 lies in [0, 1].
 */
export interface ImageBatch {
  /** [count, height, width, channels], flattened. */
  readonly pixels: Uint8Array | Uint8ClampedArray | Uint16Array | Float32Array;
  readonly shape: ImageShape;
  /** Bits in use of a uint16 pixel, 1 to 16; 16 unless told. */
  readonly bitsStored?: number;
}

/** Images in a batch, then height, width and channels of each. */
export type BatchShape = readonly [count: number, height: number, width: number, channels: number];
