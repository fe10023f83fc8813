import { arraySource, type ImageSource } from 'salad-ad';
import { RandomStream } from 'salad-ad/data';

/** Different images in a source; more would only take memory. */
const DIFFERENT = 64;

/** `length` grey 8-bit images of noise, of which every 64th is the same. */
export function syntheticSource(size: number, length: number): ImageSource {
  const random = new RandomStream(1, ['synthetic-source']);
  const pixels = Uint8Array.from({ length: DIFFERENT * size * size }, () => 256 * random.uniform());
  const different = arraySource({ pixels, shape: [size, size, 1] });
  return {
    length,
    ids: Array.from({ length }, (_, i) => `image-${i}`),
    read: (indices) => different.read(Array.from(indices, (index) => index % DIFFERENT)),
  };
}
