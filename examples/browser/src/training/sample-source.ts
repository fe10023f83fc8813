import { arraySource, type ImageSource } from 'salad-ad/data';

/** Side of the sample films, in pixels. */
export const SAMPLE_SIDE = 64;

/** How films in files are brought to the size that a model of this page takes. */
export const recipe = {
  channels: 1,
  size: [SAMPLE_SIDE, SAMPLE_SIDE],
  resize: { method: 'area', fit: 'stretch' },
} as const;

/** The sample films as a source; their recipe makes a model of them able to score files. */
export function sampleSource(films: {
  readonly pixels: Uint8Array;
  readonly labels: readonly number[];
  readonly name: string;
}): ImageSource {
  const { pixels, labels, name } = films;
  const count = pixels.length / SAMPLE_SIDE ** 2;
  const digits = String(count).length;
  const ids = Array.from(
    { length: count },
    (_, i) => `${name} ${String(i + 1).padStart(digits, '0')}`,
  );
  const shape = [SAMPLE_SIDE, SAMPLE_SIDE, 1] as const;
  return { ...arraySource({ pixels, shape, ids, labels }), recipe };
}
