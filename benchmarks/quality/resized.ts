import { arraySource, type ImageSource, resize, toUnitRange } from 'salad-ad/data';

/** All images of a source in memory, means over areas where they are larger. */
export async function resized(source: ImageSource, size: number): Promise<ImageSource> {
  const { length, ids, labels, patients } = source;
  const pixels = new Float32Array(length * size * size);
  for (let first = 0; first < length; first += 64) {
    const count = Math.min(64, length - first);
    const batch = await source.read(Array.from({ length: count }, (_, i) => first + i));
    const policy = { method: 'area', fit: 'stretch' } as const;
    const values = resize(toUnitRange(batch), [count, ...batch.shape], [size, size], policy);
    pixels.set(values, first * size * size);
  }
  return arraySource({ pixels, shape: [size, size, 1], ids, labels, patients });
}
