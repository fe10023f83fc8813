import type { ImageSource } from '../../src/images/image-source.js';

/** What a `lossySource` says of an image that it cannot read. */
export const truncated = { code: 'IMAGE_TRUNCATED', message: 'cut short' } as const;

/** A source that skips some of its images. */
export function lossySource(
  source: ImageSource,
  isLost: (index: number) => boolean,
  reason: { readonly code: string; readonly message: string } = truncated,
): ImageSource {
  return {
    ...source,
    async read(indices, where) {
      const positions = Array.from(indices, (_, i) => i).filter((i) => !isLost(indices[i]));
      const kept = positions.map((place) => indices[place]);
      const batch = await source.read(kept, where);
      if (kept.length === indices.length) return batch;
      const lost = Array.from(indices).filter(isLost);
      const problems = lost.map((index) => ({ index, id: source.ids[index], ...reason }));
      return { ...batch, positions, problems };
    },
  };
}
