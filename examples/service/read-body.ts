import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.js';

/** What an upload may take. */
export interface UploadLimits {
  /** Bytes of a film. */
  readonly mostBytes: number;
  /** Seconds until the last byte must be there. */
  readonly uploadSeconds: number;
}

/** Takes in the body of a request, and refuses it as soon as it is too large or too slow. */
export function readBody(
  request: IncomingMessage,
  { mostBytes, uploadSeconds }: UploadLimits,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const end = (error?: Refusal) => {
      clearTimeout(timer);
      request.removeAllListeners('data');
      if (!error) return resolve(Buffer.concat(pieces));
      // What still comes is thrown away: a client that is writing would not see the answer otherwise.
      request.resume();
      reject(error);
    };
    const timer = setTimeout(
      () => end(new Refusal(408, 'TOO_SLOW', `the film took more than ${uploadSeconds} s to come`)),
      1000 * uploadSeconds,
    );
    const tooLarge = () => new Refusal(413, 'TOO_LARGE', `a film of more than ${mostBytes} bytes`);
    if (Number(request.headers['content-length']) > mostBytes) return end(tooLarge());
    request.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > mostBytes) return end(tooLarge());
      pieces.push(piece);
    });
    request.once('end', () => end());
    // The client went away, or the connection broke.
    request.once('error', () => end(new Refusal(499, 'CLIENT_GONE', 'the client went away')));
  });
}
