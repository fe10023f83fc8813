import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fixture, placeOf } from '../fixtures.js';

/** A film with a UID of its own; all such UIDs are of one length, as in the file. */
export function film(uid: string, name = 'explicit-little'): Uint8Array {
  const file = fixture(name);
  const at = placeOf(file, 0x0008, 0x0018);
  const padded = uid.padEnd(28, '\0');
  if (padded.length !== 28) throw new Error(`'${uid}' is longer than the UID of the file`);
  file.set(new TextEncoder().encode(padded), at);
  return file;
}

/** UIDs in their order. */
export const uids = (count: number) =>
  Array.from({ length: count }, (_, i) => `1.2.826.0.1.3680043.8.${1000 + i}`);

export interface Request {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** How often the same address was asked for before. */
  readonly before: number;
  /** Of what is sent. */
  readonly body: Buffer;
}

/** Answers in place of the archive; false leaves it to the archive. */
export type Fault = (request: Request, response: ServerResponse) => boolean | undefined;

/** A small archive on the loopback that speaks QIDO-RS, WADO-RS and STOW-RS; it keeps what is stored apart from the films. */
export async function archive(
  films: ReadonlyMap<string, Uint8Array>,
  fault: Fault = () => false,
  item: (uid: string) => object = listed,
) {
  const asked: Request[] = [];
  const counts = new Map<string, number>();
  const stored: Stored[] = [];
  const server = createServer(async (message, response) => {
    const pieces: Buffer[] = [];
    try {
      for await (const piece of message) pieces.push(piece);
    } catch {
      // The client went away.
      return;
    }
    const { pathname, searchParams: query } = new URL(message.url ?? '', 'http://localhost');
    const before = counts.get(message.url ?? '') ?? 0;
    counts.set(message.url ?? '', before + 1);
    const request = {
      path: pathname.replace('/dicom-web/', ''),
      query,
      headers: message.headers,
      before,
      body: Buffer.concat(pieces),
    };
    asked.push(request);
    if (fault(request, response)) return;
    if (message.method === 'POST') {
      const object = storedIn(request);
      stored.push(object);
      return sendStored(response, object.uid);
    }
    if (request.path === 'instances') return list(response, films, query, item);
    const file = films.get(request.path.split('/').at(-1) ?? '');
    if (!file) return void response.writeHead(404).end('no such film of MILLER^EVE');
    sendFiles(response, [file]);
  });
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/dicom-web`,
    asked,
    stored,
    close: () => {
      server.closeAllConnections();
      return new Promise((go) => server.close(go));
    },
  };
}

export interface Stored {
  readonly uid: string;
  /** That of the address. */
  readonly study: string;
  readonly file: Uint8Array;
}

/** The one object of a request. */
export function storedIn({ body, headers, path }: Request): Stored {
  const [, boundary] = /boundary="([^"]+)"/.exec(String(headers['content-type'])) ?? [];
  const begin = body.indexOf('\r\n\r\n') + 4;
  const file = new Uint8Array(body.subarray(begin, body.lastIndexOf(`\r\n--${boundary}--`)));
  const at = placeOf(file, 0x0008, 0x0018);
  const end = at + file[at - 2];
  const uid = new TextDecoder().decode(file.slice(at, end)).replace(/\0$/, '');
  return { uid, study: path.split('/')[1], file };
}

/** As a server says what it has; `failed` has the reasons why it has not. */
export function sendStored(response: ServerResponse, uid: string, failed?: number, status = 200) {
  const item = { '00081155': { vr: 'UI', Value: [uid] } };
  const said = failed
    ? { '00081198': { vr: 'SQ', Value: [{ ...item, '00081197': { vr: 'US', Value: [failed] } }] } }
    : { '00081199': { vr: 'SQ', Value: [item] } };
  response.writeHead(status, { 'content-type': 'application/dicom+json' });
  response.end(JSON.stringify(said));
}

/** What the archive says of a film. */
export const listed = (uid: string): Record<string, object> => ({
  '00080018': { vr: 'UI', Value: [uid] },
  '0020000D': { vr: 'UI', Value: ['1.2.3'] },
  '0020000E': { vr: 'UI', Value: ['1.2.3.4'] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'MILLER^EVE' }] },
  '00100020': { vr: 'LO', Value: ['DRAWN-0815'] },
  '00185101': { vr: 'CS', Value: ['PA'] },
});

function list(
  response: ServerResponse,
  films: ReadonlyMap<string, Uint8Array>,
  query: URLSearchParams,
  item: (uid: string) => object,
) {
  const offset = Number(query.get('offset'));
  // The order of an archive is its own.
  const page = [...films.keys()].reverse().slice(offset, offset + Number(query.get('limit')));
  if (page.length === 0) return void response.writeHead(204).end();
  response.writeHead(200, { 'content-type': 'application/dicom+json' });
  response.end(JSON.stringify(page.map(item)));
}

/** As multipart/related, whose boundary may stand in quotes. */
export function sendFiles(response: ServerResponse, files: readonly Uint8Array[], cut = 0) {
  const body = multipart(files);
  response.writeHead(200, {
    'content-type': 'multipart/related; type="application/dicom"; boundary="a film"',
  });
  response.end(body.subarray(0, body.length - cut));
}

export const multipart = (files: readonly Uint8Array[]) =>
  Buffer.concat([
    ...files.flatMap((file) => [
      Buffer.from('\r\n--a film\r\nContent-Type: application/dicom\r\n\r\n'),
      file,
    ]),
    Buffer.from('\r\n--a film--\r\n'),
  ]);
