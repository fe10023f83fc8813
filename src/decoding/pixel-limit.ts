import { imageProblem } from './image-problem.js';

/**
 * The default of `maxPixels`, height times width that a decoder takes: 2^26.
 *
 * The largest films are below half of it: mammograms of 24 x 30 cm at 0.05 mm have 29 million pixels.
 */
export const defaultMaxPixels = 2 ** 26;

/**
 * To be called with what the header says, before any pixel is decoded.
 *
 * @param where the decoder
 * @throws IMAGE_INVALID where a side is 0 or no whole number; IMAGE_TOO_LARGE above the limit
 */
export function checkPixelLimit(
  where: string,
  { height, width }: { readonly height: number; readonly width: number },
  maxPixels: number,
): void {
  const details = { height, width, maxPixels };
  const whole = (side: number) => Number.isInteger(side) && side > 0;
  if (!whole(height) || !whole(width))
    throw imageProblem(
      'IMAGE_INVALID',
      where,
      `the header says ${height} x ${width} pixels (height x width)`,
      'expected both above 0; the file is damaged',
      details,
    );
  if (height * width > maxPixels)
    throw imageProblem(
      'IMAGE_TOO_LARGE',
      where,
      `the header says ${height} x ${width} pixels (height x width)`,
      `expected at most ${maxPixels} in all; shrink the image, or raise maxPixels where you trust it`,
      details,
    );
}

/**
 * To be called with the size of a file before it is read.
 *
 * @throws IMAGE_TOO_LARGE above what an image of `maxPixels` can take: four channels of 16 bits, and a
 *   mebibyte for what else a file tells
 */
export function checkFileSize(where: string | undefined, bytes: number, maxPixels: number): void {
  const maxBytes = 8 * maxPixels + 2 ** 20;
  if (bytes <= maxBytes) return;
  throw imageProblem(
    'IMAGE_TOO_LARGE',
    where,
    `the file has ${bytes} bytes`,
    `expected at most ${maxBytes}, all that maxPixels can take; raise maxPixels where you trust it`,
    { bytes, maxBytes },
  );
}
