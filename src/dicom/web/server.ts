import { type ImageProblemCode, imageProblem } from '../../decoding/image-problem.js';
import { check, checkNumber } from '../../support/check.js';
import { checkFunction } from '../../support/check-kinds.js';
import { SaladError } from '../../support/errors.js';
import { bodyOf } from './body.js';
import type { DicomWebOptions } from './dicom-web-options.js';

/** How a server is asked. */
type ServerOptions = Pick<
  DicomWebOptions,
  'headers' | 'fetch' | 'retries' | 'longestWait' | 'timeout'
>;

/** What the server sent. */
export interface Answer {
  /** Its Content-Type, '' where it has none. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Asks for a path below the address, and gives what `take` makes of the answer; again where either fails by a `PassingFailure`. */
export type Server = <Result>(
  path: string,
  accept: string,
  checkSize: (bytes: number) => void,
  take: (answer: Answer) => Result,
) => Promise<Result>;

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

/** @throws INVALID_OPTION */
export function serverAt(where: string, url: string, options: ServerOptions): Server {
  const { headers = {}, fetch, retries = 4, longestWait = 30, timeout = 120 } = options;
  const base = baseOf(where, url);
  check(
    typeof headers === 'function' || (typeof headers === 'object' && headers !== null),
    'INVALID_OPTION',
    () =>
      `${where}: headers is no object; expected names and values, or a function that gives them.`,
  );
  checkFunction(where, 'fetch', fetch);
  checkNumber(where, 'retries', retries, { min: 0, integer: true });
  // A timer of more than 2^31 ms ends at once.
  checkNumber(where, 'longestWait', longestWait, { min: 0, max: 2 ** 21 });
  checkNumber(where, 'timeout', timeout, { above: 0, max: 2 ** 21 });
  return async (path, accept, checkSize, take) => {
    for (let tries = 1; ; tries++) {
      const given = typeof headers === 'function' ? await headers() : headers;
      const request = { headers: headersOf(where, given, accept), redirect: 'manual' as const };
      try {
        const ask = (signal: AbortSignal) =>
          answerOf(
            (fetch ?? globalThis.fetch)(`${base}/${path}`, { ...request, signal }),
            checkSize,
          );
        return take(await within(timeout, ask));
      } catch (error) {
        if (!(error instanceof PassingFailure)) throw error;
        const { found, code, after = 2 ** (tries - 2) } = error;
        if (tries > retries)
          throw imageProblem(
            code,
            undefined,
            `${found}, and was asked ${tries} ${tries === 1 ? 'time' : 'times'}`,
            'expected the whole answer; read it again later, or raise retries, longestWait or timeout',
          );
        await new Promise((go) => setTimeout(go, 1000 * Math.min(longestWait, after)));
      }
    }
  };
}

/** The address without a slash at its end; what it holds may be secret, so that no error repeats it. */
function baseOf(where: string, url: string): string {
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  const fits =
    parsed &&
    /^https?:$/.test(parsed.protocol) &&
    !(parsed.username || parsed.password || parsed.search || parsed.hash);
  check(
    fits === true,
    'INVALID_OPTION',
    () =>
      `${where}: url is ${typeof url === 'string' ? 'a text of another form' : typeof url}; expected the address of a DICOMweb service, such as 'https://pacs.example.org/dicom-web', without a query; give a password in headers.`,
  );
  return `${parsed?.origin}${parsed?.pathname.replace(/\/+$/, '')}`;
}

function headersOf(
  where: string,
  given: Readonly<Record<string, string>>,
  accept: string,
): Headers {
  try {
    const headers = new Headers(given);
    headers.set('accept', accept);
    return headers;
  } catch {
    // The error of the platform repeats the value.
    throw new SaladError(
      'INVALID_OPTION',
      `${where}: headers holds a name or value that HTTP does not allow; expected texts without line breaks.`,
    );
  }
}

/** Ends what takes longer, also where it does not heed its signal. */
async function within<Result>(
  seconds: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new PassingFailure(`the server took longer than ${seconds} s`));
      controller.abort();
    }, 1000 * seconds);
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function answerOf(
  asked: Promise<Response>,
  checkSize: (bytes: number) => void,
): Promise<Answer> {
  const response = await asked.catch(brokenOff('cannot be reached'));
  const { ok, status, headers } = response;
  if (ok) {
    const bytes = await bodyOf(response, checkSize).catch(brokenOff('broke off its answer'));
    return { type: headers.get('content-type') ?? '', bytes };
  }
  // Nobody reads what a server says of its failure: it may repeat an identifier.
  await response.body?.cancel().catch(() => {});
  // A browser does not tell the status of a redirect.
  const found =
    response.type === 'opaqueredirect'
      ? 'the server answered by sending on to another address'
      : `the server answered with status ${status}`;
  if (BUSY.includes(status)) throw new PassingFailure(found, undefined, waitOf(headers));
  throw imageProblem('IMAGE_UNREADABLE', undefined, found, remedyOf(status), { status });
}

function brokenOff(how: string): (error: unknown) => never {
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
