import { imageProblem } from '../../decoding/image-problem.js';
import { check, checkNumber } from '../../support/check.js';
import { checkFunction, checkSignal } from '../../support/check-kinds.js';
import { SaladError } from '../../support/errors.js';
import { bodyOf } from './body.js';
import type { DicomWebOptions } from './dicom-web-options.js';
import { pause, within } from './in-time.js';
import { brokenOff, PassingFailure, refusal } from './server-failure.js';

/** How a server is asked. */
type ServerOptions = Pick<
  DicomWebOptions,
  'headers' | 'fetch' | 'retries' | 'longestWait' | 'timeout' | 'signal'
>;

/** What the server sent. */
export interface Answer {
  /** Its Content-Type, '' where it has none. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** What is asked for, or sent, and how the answer is taken. */
export interface Request<Result> {
  /** Below the address of the server. */
  readonly path: string;
  /** Of the answer, as the header Accept says it. */
  readonly accept: string;
  /** What is sent, by POST; nothing, by GET, where absent. */
  readonly body?: { readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> };
  /** A status beside those of success whose answer is taken. */
  readonly alsoTakes?: number;
  /** Throws where an answer of that many bytes is too large. */
  readonly checkSize: (bytes: number) => void;
  readonly take: (answer: Answer) => Result;
}

/** Gives what `take` makes of the answer; asks again where either fails by a `PassingFailure`. Throws the reason of the signal once it is aborted. */
export type Server = <Result>(request: Request<Result>) => Promise<Result>;

/** @throws INVALID_OPTION */
export function serverAt(where: string, url: string, options: ServerOptions): Server {
  const { headers = {}, fetch, retries = 4, longestWait = 30, timeout = 120, signal } = options;
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
  checkSignal(where, signal);
  return async (asked) => {
    const { path, accept, body, take } = asked;
    for (let tries = 1; ; tries++) {
      const given = typeof headers === 'function' ? await headers() : headers;
      const request = {
        headers: headersOf(where, given, { accept, ...(body && { 'content-type': body.type }) }),
        redirect: 'manual' as const,
        ...(body && { method: 'POST', body: body.bytes }),
      };
      try {
        const ask = (ended: AbortSignal) =>
          answerOf(
            (fetch ?? globalThis.fetch)(`${base}/${path}`, { ...request, signal: ended }),
            asked,
          );
        return take(await within(timeout, signal, ask));
      } catch (error) {
        if (!(error instanceof PassingFailure)) throw error;
        const { found, code, after = 2 ** (tries - 2) } = error;
        if (tries > retries)
          throw imageProblem(
            code,
            undefined,
            `${found}, and was asked ${tries} ${tries === 1 ? 'time' : 'times'}`,
            'expected the whole answer; try again later, or raise retries, longestWait or timeout',
          );
        await pause(Math.min(longestWait, after), signal);
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
  own: Readonly<Record<string, string>>,
): Headers {
  try {
    const headers = new Headers(given);
    for (const [name, value] of Object.entries(own)) headers.set(name, value);
    return headers;
  } catch {
    // The error of the platform repeats the value.
    throw new SaladError(
      'INVALID_OPTION',
      `${where}: headers holds a name or value that HTTP does not allow; expected texts without line breaks.`,
    );
  }
}

async function answerOf(
  asked: Promise<Response>,
  { checkSize, alsoTakes }: Pick<Request<unknown>, 'checkSize' | 'alsoTakes'>,
): Promise<Answer> {
  const response = await asked.catch(brokenOff('cannot be reached'));
  const { ok, status, headers } = response;
  if (ok || status === alsoTakes) {
    const bytes = await bodyOf(response, checkSize).catch(brokenOff('broke off its answer'));
    return { type: headers.get('content-type') ?? '', bytes };
  }
  // Nobody reads what a server says of its failure: it may repeat an identifier.
  await response.body?.cancel().catch(() => {});
  throw refusal(response);
}
