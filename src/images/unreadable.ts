import { type ImageBatch, imageCount } from './pixels.js';

/** Which images of a batch could not be read, and why. */
export type Unreadable = Pick<ImageBatch, 'unreadable' | 'reasons'>;

/** What is said where a source gives no reason. */
const UNKNOWN = { code: 'IMAGE_UNREADABLE', message: 'The source does not say why.' };

/** Whether every image was read. */
export function allReadable({ unreadable }: Unreadable): boolean {
  return unreadable === undefined || unreadable.length === 0;
}

/** 0 .. count - 1 without the images that could not be read. */
export function readablePositions(count: number, { unreadable }: Unreadable): number[] {
  const lost = new Set(unreadable);
  return Array.from({ length: count }, (_, i) => i).filter((i) => !lost.has(i));
}

/** The images of a batch that could be read; the batch itself where all could. */
export function readableOnly(batch: ImageBatch): ImageBatch {
  if (allReadable(batch)) return batch;
  const { shape, bitsStored } = batch;
  const size = shape[0] * shape[1] * shape[2];
  const kept = readablePositions(imageCount('readableOnly', batch), batch);
  const pixels = batch.pixels.slice(0, kept.length * size);
  kept.forEach((from, to) => {
    pixels.set(batch.pixels.subarray(from * size, (from + 1) * size), to * size);
  });
  return { pixels, shape, ...(bitsStored !== undefined && { bitsStored }) };
}

/** Positions with their reasons, increasing; nothing at all where every image was read. */
export function unreadableFrom(
  found: readonly { readonly position: number; readonly reason?: unknown }[],
): Unreadable {
  if (found.length === 0) return {};
  const sorted = [...found].sort((a, b) => a.position - b.position);
  return {
    unreadable: sorted.map(({ position }) => position),
    reasons: sorted.map(({ reason }) => (reason as typeof UNKNOWN | undefined) ?? UNKNOWN),
  };
}

/** Each position that could not be read with its reason. */
export function reasonsOf({ unreadable = [], reasons }: Unreadable): {
  readonly position: number;
  readonly reason: typeof UNKNOWN;
}[] {
  return unreadable.map((position, i) => ({ position, reason: reasons?.[i] ?? UNKNOWN }));
}
