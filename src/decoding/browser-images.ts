import { check } from '../support/check.js';
import { checkDecoding, type DecodedImage, type Decoder, type ImageHeader } from './decoder.js';
import { decodeDeepPng } from './deep-png.js';
import { imageFormat } from './image-format.js';
import { imageProblem } from './image-problem.js';
import { decodePlainPng } from './plain-png.js';
import { readImageHeader } from './read-image-header.js';

const FORMATS = ['image/png', 'image/jpeg', 'image/webp'];
const WHERE = 'browserImages';
/** Pixels that are drawn at a time: browsers draw nothing on canvases that they find too large. */
const STRIP = 2 ** 22;

/**
 * Decodes PNG, JPEG and WebP in a page or a worker by the browser itself, and PNG of 16 bits, which a
 * browser would cut to 8, by the optional package fast-png.
 *
 * Grey files give one channel, others three; turned as EXIF says; alpha over black; colour profiles are
 * ignored. PNG of 8 bits without alpha, palette or interlacing is inflated by the browser and decoded here, without a canvas;
 * of all else, browsers that protect against fingerprinting change the pixels, which are read from one.
 *
 * @returns a decoder for `decoders` of `fileSource` and `imageSource`; its `decode` throws IMAGE_INVALID, IMAGE_TOO_LARGE,
 *   IMAGE_TRUNCATED, IMAGE_UNSUPPORTED, and MISSING_PEER without fast-png
 * @throws INVALID_OPTION outside a browser; decoding throws IMAGE_INVALID, IMAGE_TOO_LARGE, IMAGE_UNSUPPORTED, MISSING_PEER
 * @example
 * const { pixels, shape } = await browserImages().decode(new Uint8Array(await file.arrayBuffer()), { maxPixels: 2 ** 26 });
 */
export function browserImages(): Decoder {
  return browserDecoder(WHERE);
}

/** `browserImages` for the public call `where`; what it decodes is told of as its own. */
export function browserDecoder(where: string): Decoder {
  check(
    typeof createImageBitmap === 'function' && typeof OffscreenCanvas === 'function',
    'INVALID_OPTION',
    () =>
      `${where}: there is no createImageBitmap or OffscreenCanvas; expected a browser; in Node use nodeImages() of 'salad-ad/node'.`,
  );
  return {
    name: WHERE,
    accepts: (head, format = imageFormat(head)) => FORMATS.includes(format ?? ''),
    async decode(bytes, limits) {
      checkDecoding(WHERE, bytes, limits);
      const header = readImageHeader(WHERE, bytes, limits);
      const decode = header.bits > 8 ? decodeDeepPng : decodeShallow;
      return { ...(await decode(WHERE, bytes, header)), metadata: { format: header.format } };
    },
  };
}

async function decodeShallow(
  where: string,
  bytes: Uint8Array,
  header: ReturnType<typeof readImageHeader>,
): Promise<DecodedImage> {
  const { format, height, width, channels } = header;
  const pixels = format === 'image/png' ? await decodePlainPng(bytes, header) : undefined;
  return pixels
    ? { pixels, shape: [height, width, channels] }
    : decodeByBrowser(where, bytes, header);
}

async function decodeByBrowser(
  where: string,
  bytes: Uint8Array,
  { channels }: ImageHeader,
): Promise<DecodedImage> {
  const bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>]), {
    imageOrientation: 'from-image',
    colorSpaceConversion: 'none',
  }).catch((cause) => {
    throw imageProblem(
      'IMAGE_INVALID',
      where,
      'the browser cannot decode the pixels',
      'expected an undamaged file; fetch it again',
      {},
      cause,
    );
  });
  try {
    return { pixels: drawn(bitmap, channels), shape: [bitmap.height, bitmap.width, channels] };
  } finally {
    bitmap.close();
  }
}

/** Draws one strip of the image after the other, on black. */
function drawn(bitmap: ImageBitmap, channels: 1 | 3): Uint8Array {
  const { height, width } = bitmap;
  const pixels = new Uint8Array(height * width * channels);
  const rows = Math.min(height, Math.max(1, Math.floor(STRIP / width)));
  const options = { alpha: false, willReadFrequently: true };
  const context = new OffscreenCanvas(width, rows).getContext('2d', options);
  if (!context) throw new Error(`${WHERE}: the browser gives no canvas of ${width} x ${rows}.`);
  let at = 0;
  for (let top = 0; top < height; top += rows) {
    context.drawImage(bitmap, 0, -top);
    const { data } = context.getImageData(0, 0, width, Math.min(rows, height - top));
    // A loop over one channel takes half as long again.
    if (channels === 1) for (let i = 0; i < data.length; i += 4) pixels[at++] = data[i];
    else
      for (let i = 0; i < data.length; i += 4)
        for (let channel = 0; channel < channels; channel++) pixels[at++] = data[i + channel];
  }
  return pixels;
}
