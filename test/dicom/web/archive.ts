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
}

/** Answers in place of the archive; false leaves it to the archive. */
export type Fault = (request: Request, response: ServerResponse) => boolean | undefined;

/** A small archive on the loopback that speaks QIDO-RS and WADO-RS. */
export async function archive(
  films: ReadonlyMap<string, Uint8Array>,
  fault: Fault = () => false,
  item: (uid: string) => object = listed,
) {
  const asked: Request[] = [];
  const counts = new Map<string, number>();
  const server = createServer((message, response) => {
    const { pathname, searchParams: query } = new URL(message.url ?? '', 'http://localhost');
    const before = counts.get(message.url ?? '') ?? 0;
    counts.set(message.url ?? '', before + 1);
    const request = {
      path: pathname.replace('/dicom-web/', ''),
      query,
      headers: message.headers,
      before,
    };
    asked.push(request);
    if (fault(request, response)) return;
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
    close: () => {
      server.closeAllConnections();
      return new Promise((go) => server.close(go));
    },
  };
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
