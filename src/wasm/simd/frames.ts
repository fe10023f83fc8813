import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Address, after } from './address.js';
import type { Scratch, Simd } from './simd.js';

/** Maps as they lie in memory, [images, height, width, channels] float32. */
export interface Maps {
  readonly address: Address;
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export function mapsOf(simd: Simd, tensor: TensorInfo): Maps {
  const [images, height, width, channels] = tensor.shape;
  return { address: simd.address(tensor), images, height, width, channels };
}

/** Bytes from a value of a map to the next image's, row's and column's. */
export function steps({ height, width, channels }: Omit<Maps, 'address' | 'images'>) {
  const column = channels * 4;
  return { image: height * width * column, row: width * column, column };
}

/** Where images are put: rows and columns ahead of their first (negative: cropped), and the size of it all. */
export interface Frame {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** Some images of maps. */
export function imagesOf(maps: Maps, first: number, images: number): Maps {
  return { ...maps, images, address: after(maps.address, first * steps(maps).image) };
}

/** Bytes of frames that are filled at a time: what a second-level cache holds. */
const FRAME_BYTES = 1 << 20;

/**
 * Runs `use` on maps in frames of zeros, a group of images at a time. Where the frame changes nothing,
 * the maps are not copied and come at once.
 *
 * @param fewest images that a group has at least, where there are as many.
 */
export function forEachFramed(
  simd: Simd,
  scratch: Scratch,
  maps: Maps,
  { top, left, height, width }: Frame,
  use: (framed: Maps, firstImage: number) => void,
  fewest = 1,
): void {
  const above = -top;
  const within = left === 0 && width === maps.width && above >= 0 && above + height <= maps.height;
  // Rows of a single image lie together as well.
  if (within && (height === maps.height || maps.images === 1)) {
    const address = after(maps.address, above * steps(maps).row);
    use({ ...maps, address, height }, 0);
    return;
  }
  const pixel = maps.channels * 4;
  const frameBytes = height * width * pixel;
  const size = Math.min(maps.images, Math.max(fewest, Math.floor(FRAME_BYTES / frameBytes)));
  const to = scratch.take(size * frameBytes);
  // With wide steps a frame may end within the padding ahead of the image.
  const ahead = Math.min(left, width);
  for (let first = 0; first < maps.images; first += size) {
    const images = Math.min(size, maps.images - first);
    const from = after(maps.address, first * steps(maps).image);
    simd.functions.frameImages(
      ...[from, to],
      ...[images, maps.height, maps.width, pixel],
      ...[top, ahead, height, width],
    );
    use({ ...maps, address: to, images, height, width }, first);
  }
}
