/**
 * The bytes of an answer, no more of which are taken into memory than `checkSize` allows.
 *
 * @param checkSize throws where that many are too many
 */
export async function bodyOf(
  response: Response,
  checkSize: (bytes: number) => void,
): Promise<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    checkSize(Number(response.headers.get('content-length') ?? 0));
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      checkSize(size);
      chunks.push(value);
    }
  } catch (error) {
    await reader.cancel().catch(() => {});
    throw error;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
