/**
 * The bytes of the weights as a handler gives them, in its pieces. One of the user's may give views of larger buffers, as
 * Node's readFile does; what is no buffer has no bytes.
 */
export function bytesOfWeights(weightData: unknown): Uint8Array[] {
  return [weightData].flat().map(bytesOf);
}

function bytesOf(piece: unknown): Uint8Array {
  if (ArrayBuffer.isView(piece))
    return new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
  const isBuffer = /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(piece));
  return isBuffer ? new Uint8Array(piece as ArrayBuffer) : new Uint8Array(0);
}

/** One array of several; one alone as it is. */
export function joinedBytes(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0];
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
