/** Bytes handed over at a time: one makes at most 1032, so that a size is passed by 32 MB at most. */
const STEP = 2 ** 15;

/**
 * What pieces of zlib data (RFC 1950) hold together, inflated by the platform.
 *
 * @returns undefined unless they hold exactly `size` bytes, whole and sound
 */
export async function inflated(
  pieces: readonly Uint8Array[],
  size: number,
): Promise<Uint8Array | undefined> {
  if (typeof DecompressionStream === 'undefined') return undefined;
  const { readable, writable } = new DecompressionStream('deflate');
  const reader = readable.getReader();
  // The reader is told of the same.
  written(writable.getWriter(), pieces).catch(() => {});
  const all = new Uint8Array(size);
  let at = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return at === size ? all : undefined;
      if (at + value.length > size) break;
      all.set(value, at);
      at += value.length;
    }
  } catch {
    return undefined;
  }
  await reader.cancel().catch(() => {});
  return undefined;
}

async function written(
  writer: WritableStreamDefaultWriter<BufferSource>,
  pieces: readonly Uint8Array[],
): Promise<void> {
  for (const piece of pieces)
    for (let from = 0; from < piece.length; from += STEP)
      await writer.write(piece.subarray(from, from + STEP) as Uint8Array<ArrayBuffer>);
  await writer.close();
}
