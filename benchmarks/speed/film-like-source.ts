import { arraySource, type ImageSource } from 'salad-ad';
import { RandomStream } from 'salad-ad/data';

/** Waves that make up an image. */
const WAVES = 12;

/**
 * `length` grey 8-bit images that differ smoothly: waves along both sides whose strength falls with their number, as in
 * radiographs, and a little noise. Cells of noise alone would all be equally far apart.
 */
export function filmLikeSource(size: number, length: number, seed = 1): ImageSource {
  const random = new RandomStream(seed, ['film-like-source']);
  const pixels = new Uint8Array(length * size * size);
  for (let image = 0; image < length; image++) {
    const waves = Array.from({ length: WAVES }, (_, i) => {
      const [x, y, phase] = [random.gaussian(), random.gaussian(), random.uniform()];
      return { x: (x * (i + 1)) / size, y: (y * (i + 1)) / size, phase, height: 40 / (i + 1) };
    });
    for (let at = 0; at < size * size; at++) {
      let grey = 128 + 6 * random.gaussian();
      for (const { x, y, phase, height } of waves) {
        grey +=
          height * Math.cos(2 * Math.PI * ((at % size) * x + Math.floor(at / size) * y + phase));
      }
      pixels[image * size * size + at] = Math.max(0, Math.min(255, grey));
    }
  }
  return arraySource({ pixels, shape: [size, size, 1] });
}
