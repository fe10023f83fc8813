import { masksOf } from './masks.js';
import { type ImageBatch, imageCount, type UnreadableReason } from './pixels.js';

/** Which images of a batch could not be read, and why. */
export type Unreadable = Pick<ImageBatch, 'unreadable' | 'reasons'>;

/** One of them. */
export interface UnreadableAt {
  /** In its batch. */
  readonly position: number;
  readonly reason: UnreadableReason;
}

/** What is said where a source gives no reason. */
const UNKNOWN: UnreadableReason = Object.freeze({
  code: 'IMAGE_UNREADABLE',
  message: 'the source does not say why',
});

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
  const known = bitsStored !== undefined && { bitsStored };
  return { pixels, shape, ...known, ...masksOf(batch, kept) };
}

/** Each image that could not be read, with its reason. */
export function unreadableOf({ unreadable = [], reasons }: Unreadable): UnreadableAt[] {
  return unreadable.map((position, i) => ({ position, reason: reasons?.[i] ?? UNKNOWN }));
}

/** The same as a batch says it, positions increasing; nothing at all where every image was read. */
export function toUnreadable(found: readonly UnreadableAt[]): Unreadable {
  if (found.length === 0) return {};
  const sorted = [...found].sort((a, b) => a.position - b.position);
  return {
    unreadable: sorted.map(({ position }) => position),
    reasons: sorted.map(({ reason }) => reason),
  };
}
