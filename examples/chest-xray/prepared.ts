import type { ImageNormalization } from 'salad-ad';
import type { PixelBlock } from 'salad-ad/baselines';
import { type ImageSource, imagePreparation } from 'salad-ad/data';

/** All images of a source, as a model of this size sees them. */
export async function prepared(
  source: ImageSource,
  size: number,
  imageNormalization: ImageNormalization,
): Promise<PixelBlock> {
  const everything = await source.read(Array.from({ length: source.length }, (_, i) => i));
  const inputShape = [size, size, 1] as const;
  const resize = { method: 'area', fit: 'stretch' } as const;
  const preparation = imagePreparation({ inputShape, resize, imageNormalization });
  const { images: values } = preparation.apply(everything);
  return { values, shape: [source.length, ...inputShape] };
}
