import type { ImageSource } from '../../src/index.js';

/** The same images, of which the upper half alone counts. */
export function halfMasked(source: ImageSource): ImageSource {
  return {
    ...source,
    async read(indices) {
      const batch = await source.read(indices);
      const [height, width] = batch.shape;
      const masks = Uint8Array.from({ length: indices.length * height * width }, (_, i) =>
        i % (height * width) < (height * width) / 2 ? 255 : 0,
      );
      return { ...batch, masks };
    },
  };
}
