import type { Variation } from '../../data/image-job.js';
import type { ImageSource } from '../../images/image-source.js';
import type { ImageShape } from '../../images/pixels.js';
import { type ImageIntake, readPrepared } from '../../learning/intake.js';
import { check } from '../../support/check.js';
import type { PixelBlock } from './pixel-block.js';

/** Images read at a time where nothing is learnt from them. */
const BLOCK = 64;

/** The images at `indices`, prepared; varied where asked to. @throws IMAGE_UNREADABLE */
export async function readAt(
  where: string,
  source: ImageSource,
  indices: ArrayLike<number>,
  intake: ImageIntake,
  variation?: Variation,
): Promise<PixelBlock> {
  const { images, views = images } = await readPrepared(source, indices, intake, variation);
  const { inputShape } = intake.preparation;
  const count = views.length / pixelsOf(inputShape);
  check(
    count === indices.length,
    'IMAGE_UNREADABLE',
    () =>
      `${where}: ${indices.length - count} of ${indices.length} images could not be read; expected every image; leave those out, see checkImages.`,
  );
  return { values: views, shape: [count, ...inputShape] };
}

/** A source in order, a block of prepared images at a time. */
export async function* readBlocks(
  where: string,
  source: ImageSource,
  intake: ImageIntake,
): AsyncGenerator<PixelBlock, void> {
  for (let first = 0; first < source.length; first += BLOCK) {
    const count = Math.min(BLOCK, source.length - first);
    const indices = Int32Array.from({ length: count }, (_, i) => first + i);
    yield await readAt(where, source, indices, intake);
  }
}

/** All images of a source at once, prepared. */
export async function readAll(
  where: string,
  source: ImageSource,
  intake: ImageIntake,
): Promise<PixelBlock> {
  const { inputShape } = intake.preparation;
  const values = new Float32Array(source.length * pixelsOf(inputShape));
  let at = 0;
  for await (const block of readBlocks(where, source, intake)) {
    values.set(block.values, at);
    at += block.values.length;
  }
  return { values, shape: [source.length, ...inputShape] };
}

function pixelsOf([height, width, channels]: ImageShape): number {
  return height * width * channels;
}
