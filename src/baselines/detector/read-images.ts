import type { ImageSource } from '../../images/image-source.js';
import type { PreparedImages, Variation } from '../../images/preparation.js';
import { checkAllRead } from '../../images/problems.js';
import { type ImageIntake, preparedBatches, readPrepared } from '../../learning/intake.js';
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
  return blockOf(where, await readPrepared(where, source, indices, intake, variation), intake);
}

/** A source in order, a block of prepared images at a time. @throws IMAGE_UNREADABLE */
export async function* readBlocks(
  where: string,
  source: ImageSource,
  intake: ImageIntake,
): AsyncGenerator<PixelBlock, void> {
  const all = Int32Array.from({ length: source.length }, (_, i) => i);
  for await (const batch of preparedBatches(where, source, all, BLOCK, intake))
    yield blockOf(where, batch, intake);
}

/** All images of a source at once, prepared. @throws IMAGE_UNREADABLE */
export async function readAll(
  where: string,
  source: ImageSource,
  intake: ImageIntake,
): Promise<PixelBlock> {
  const { inputShape } = intake.preparation;
  const [height, width, channels] = inputShape;
  const values = new Float32Array(source.length * height * width * channels);
  let at = 0;
  for await (const block of readBlocks(where, source, intake)) {
    values.set(block.values, at);
    at += block.values.length;
  }
  return { values, shape: [source.length, ...inputShape] };
}

function blockOf(
  where: string,
  { images, views = images, indices, problems }: PreparedImages,
  { preparation }: ImageIntake,
): PixelBlock {
  checkAllRead(where, problems);
  return { values: views, shape: [indices.length, ...preparation.inputShape] };
}
