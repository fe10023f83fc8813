import { imageProblem } from '../../decoding/image-problem.js';
import { hexOf } from '../../support/sha256.js';
import type { Answer, Server } from './server.js';
import { PassingFailure } from './server-failure.js';

/** An answer about one instance is far smaller. */
const MAX_ANSWER_BYTES = 2 ** 20;
/** Of a request that no instance of was stored, whose answer says why. */
const CONFLICT = 409;
/** The instance is there already, as after an answer that was lost. @see DICOM PS3.7, C.5.5 */
const DUPLICATE = 0x0111;

/**
 * Stores an object in the study that it is of.
 *
 * The same object sent again has the same UID, so that an answer which was lost does not make two of it.
 *
 * @throws IMAGE_UNREADABLE, IMAGE_INVALID and IMAGE_TOO_LARGE of what the server says
 * @see DICOM PS3.18, 10.5 (store transaction)
 */
export function storeInstance(
  server: Server,
  { study, uid }: { readonly study: string; readonly uid: string },
  object: Uint8Array,
): Promise<void> {
  return server({
    path: `studies/${study}`,
    accept: 'application/dicom+json',
    body: multipartOf(object),
    alsoTakes: CONFLICT,
    checkSize(bytes) {
      if (bytes > MAX_ANSWER_BYTES)
        throw imageProblem(
          'IMAGE_TOO_LARGE',
          undefined,
          'the answer of the server is too long',
          `expected at most ${MAX_ANSWER_BYTES} bytes; url is no DICOMweb service`,
        );
    },
    take: (answer) => checkStored(answer, uid),
  });
}

function multipartOf(object: Uint8Array) {
  const boundary = hexOf(globalThis.crypto.getRandomValues(new Uint8Array(16)));
  const head = new TextEncoder().encode(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
  const tail = new TextEncoder().encode(`\r\n--${boundary}--\r\n`);
  const bytes = new Uint8Array(head.length + object.length + tail.length);
  bytes.set(head);
  bytes.set(object, head.length);
  bytes.set(tail, head.length + object.length);
  return { type: `multipart/related; type="application/dicom"; boundary="${boundary}"`, bytes };
}

/** Ends well only where the server names the instance among those that it has. */
function checkStored({ type, bytes }: Answer, uid: string): void {
  const said = /^\s*application\/(dicom\+)?json\b/i.test(type) ? parsed(bytes) : undefined;
  const of = (tag: string) =>
    itemsOf(said, tag).filter((item) => firstOf(item, '00081155') === uid);
  if (of('00081199').length > 0) return;
  const [failed] = of('00081198');
  const reason = failed ? Number(firstOf(failed, '00081197')) : Number.NaN;
  if (reason === DUPLICATE) return;
  const code = Number.isNaN(reason) ? '' : ` (failure reason ${hex(reason)})`;
  // Its resources are used up: A7xx.
  if (reason >>> 8 === 0xa7) throw new PassingFailure(`the server has no room for it${code}`);
  throw imageProblem(
    failed ? 'IMAGE_UNREADABLE' : 'IMAGE_INVALID',
    undefined,
    failed ? `the server did not take it${code}` : 'the server does not say that it has it',
    failed
      ? 'expected it among what is stored; see what the server supports and what its log says'
      : 'expected application/dicom+json that names it among what is stored (0008,1199); url is no DICOMweb service that stores, or a page to log in stands before it',
  );
}

function parsed(bytes: Uint8Array): unknown {
  try {
    const [said] = [JSON.parse(new TextDecoder().decode(bytes))].flat();
    return said;
  } catch {
    return undefined;
  }
}

const itemsOf = (said: unknown, tag: string): readonly unknown[] =>
  [Object(Object(said)[tag]).Value ?? []].flat();

const firstOf = (item: unknown, tag: string): unknown => Object(Object(item)[tag]).Value?.[0];

const hex = (code: number) => `0x${code.toString(16).padStart(4, '0')}`;
