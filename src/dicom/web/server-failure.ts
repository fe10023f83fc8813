import { type ImageProblemCode, imageProblem } from '../../decoding/image-problem.js';
import { SaladError } from '../../support/errors.js';

/** What may go well another time. */
export class PassingFailure extends Error {
  constructor(
    readonly found: string,
    readonly code: ImageProblemCode = 'IMAGE_UNREADABLE',
    /** Seconds that the server asks to wait. */
    readonly after?: number,
  ) {
    super(found);
  }
}

const BUSY = [408, 425, 429, 500, 502, 503, 504];

/** What a status says that is none of success. */
export function refusal({ type, status, headers }: Response): Error {
  // A browser does not tell the status of a redirect.
  const found =
    type === 'opaqueredirect'
      ? 'the server answered by sending on to another address'
      : `the server answered with status ${status}`;
  if (BUSY.includes(status)) return new PassingFailure(found, undefined, waitOf(headers));
  return imageProblem('IMAGE_UNREADABLE', undefined, found, remedyOf(status), { status });
}

/** What a connection that ends makes of a request. */
export function brokenOff(how: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof SaladError) throw error;
    // The text of such an error may hold the address, and an identifier in it.
    const { code } = Object(Object(error).cause);
    const name = typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? ` (${code})` : '';
    throw new PassingFailure(`the server ${how}${name}`);
  };
}

/** @see RFC 9110, 10.2.3 (Retry-After) */
function waitOf(headers: Headers): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const seconds = (Date.parse(text) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

function remedyOf(status: number): string {
  if (status === 401 || status === 403)
    return 'expected 200; give headers that the server lets in, or a function that renews them';
  if (status === 0 || (status >= 300 && status < 400))
    return 'expected 200; headers are sent nowhere else: give the address that it leads to as url';
  if (status === 404 || status === 410)
    return 'expected 200; it may have gone from the server, or url is no DICOMweb service';
  return 'expected 200; see what the server supports and what its log says';
}
