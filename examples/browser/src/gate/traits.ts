import { type ImageBatch, resize, toUnitRange } from 'salad-ad/data';

/** Side of the small picture that the layout of films is compared by. */
export const LAYOUT_SIDE = 32;
/** Pixels that are looked at for colour: enough for any picture, and soon done for a large one. */
const COLOUR_SAMPLES = 2 ** 16;
/** A pixel is coloured where its channels differ by more than this share of the range. */
const COLOURED = 0.12;

/** What the gate looks at in a picture. */
export interface Traits {
  /** Width divided by height. */
  readonly aspect: number;
  /** Share of pixels with colour, 0 to 1. */
  readonly coloured: number;
  /** Standard deviation of grey over its small picture, in unit range. */
  readonly contrast: number;
  /** [32 x 32]: grey, with mean 0 and length 1; zeros of a blank picture. */
  readonly layout: Float32Array;
}

/** The traits of one decoded picture, of any size. */
export function traitsOf(image: ImageBatch): Traits {
  const [height, width, channels] = image.shape;
  const small = smallPicture(image);
  const mean = small.reduce((sum, value) => sum + value, 0) / small.length;
  const centred = small.map((value) => value - mean);
  const length = Math.hypot(...centred);
  return {
    aspect: width / height,
    coloured: channels >= 3 ? colouredShare(image) : 0,
    contrast: length / Math.sqrt(small.length),
    layout: length > 1e-4 ? centred.map((value) => value / length) : new Float32Array(small.length),
  };
}

/** Grey, stretched to a small square, in unit range. */
function smallPicture(image: ImageBatch): Float32Array {
  const [height, width, channels] = image.shape;
  const [rows, columns] = reducedShape(height, width);
  const fewer: ImageBatch = { ...image, pixels: reduced(image), shape: [rows, columns, channels] };
  const small = resize(
    toUnitRange(fewer),
    [1, rows, columns, channels],
    [LAYOUT_SIDE, LAYOUT_SIDE],
    { method: 'area', fit: 'stretch' },
  );
  const colours = Math.min(channels, 3);
  return Float32Array.from({ length: LAYOUT_SIDE ** 2 }, (_, i) => {
    let sum = 0;
    for (let channel = 0; channel < colours; channel++) sum += small[i * channels + channel];
    return sum / colours;
  });
}

/** Every so many pixels of a side is enough for a picture of 32. */
const stepOf = (side: number) => Math.max(1, Math.floor(side / (8 * LAYOUT_SIDE)));
const reducedShape = (height: number, width: number): [number, number] => [
  Math.ceil(height / stepOf(height)),
  Math.ceil(width / stepOf(width)),
];

/** Fewer rows and columns of a large picture, so that a film of 12 million pixels takes no longer. */
function reduced({ pixels, shape: [height, width, channels] }: ImageBatch): ImageBatch['pixels'] {
  const [down, across] = [stepOf(height), stepOf(width)];
  if (down === 1 && across === 1) return pixels;
  const [rows, columns] = reducedShape(height, width);
  const kept = new (pixels.constructor as Uint8ArrayConstructor)(rows * columns * channels);
  let to = 0;
  for (let y = 0; y < height; y += down)
    for (let x = 0; x < width; x += across)
      for (let channel = 0; channel < channels; channel++)
        kept[to++] = pixels[(y * width + x) * channels + channel];
  return kept;
}

function colouredShare({ pixels, shape: [height, width, channels], bitsStored }: ImageBatch) {
  const top =
    pixels instanceof Uint8Array
      ? 255
      : pixels instanceof Uint16Array
        ? 2 ** (bitsStored ?? 16) - 1
        : 1;
  const step = Math.max(1, Math.floor((height * width) / COLOUR_SAMPLES));
  let [coloured, seen] = [0, 0];
  for (let i = 0; i < height * width; i += step, seen++) {
    const [red, green, blue] = [0, 1, 2].map((channel) => pixels[i * channels + channel]);
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > COLOURED * top) coloured++;
  }
  return coloured / seen;
}
