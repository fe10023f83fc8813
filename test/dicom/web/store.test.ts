import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { type DicomWebOptions, dicomResult, dicomWebSource } from '../../../src/dicom/index.js';
import { bytesOf, readBack, withMore } from '../results/read-back.js';
import {
  archive,
  type Fault,
  film,
  listed,
  type Request,
  sendStored,
  storedIn,
  uids,
} from './archive.js';

const quick: DicomWebOptions = { longestWait: 0.01, retries: 2, timeout: 0.25 };
const [first, second] = uids(2);
const films = new Map(uids(2).map((uid) => [uid, film(uid)]));
/** The study that the film names itself. */
const item = (uid: string) => ({
  ...listed(uid),
  '0020000D': { vr: 'UI', Value: ['1.2.826.0.1.3680043.8.498.6'] },
});
let close = async (): Promise<unknown> => undefined;
afterEach(() => close());

/** An archive whose answers to what is stored are those of `fault`, and a report for its first film. */
async function prepared(fault: Fault = () => false) {
  const onlyStored: Fault = (request, response) =>
    request.path.startsWith('studies/') && request.body.length > 0 && fault(request, response);
  const served = await archive(films, onlyStored, item);
  close = served.close;
  const source = await dicomWebSource(served.url, quick);
  const [record] = source.records;
  const report = await dicomResult.structuredReport(await source.open(record), {
    score: 1,
    model: 'm',
  });
  const posts = () => served.asked.filter(({ body }) => body.length > 0);
  return { ...served, source, record, report, posts };
}
const answer =
  (make: (request: Request) => readonly [failed: number | undefined, status?: number]): Fault =>
  (request, response) => {
    sendStored(response, storedIn(request).uid, ...make(request));
    return true;
  };

describe('store of dicomWebSource', () => {
  it('sends an object into the study of its film, byte by byte, and leaves the film', async () => {
    const { source, record, report, stored, posts } = await prepared();
    await source.store(record, report);
    expect(stored).toHaveLength(1);
    expect(stored[0].file).toEqual(report);
    expect(stored[0].study).toBe('1.2.826.0.1.3680043.8.498.6');
    expect(readBack(stored[0].file).string('x0020000d')).toBe('1.2.826.0.1.3680043.8.498.6');
    expect(posts()[0].headers['content-type']).toMatch(
      /^multipart\/related; type="application\/dicom"; boundary="[0-9a-f]{32}"$/,
    );
    expect(await source.open(record)).toEqual(films.get(first));
  });

  it('sends nothing unless it is called', async () => {
    const { source, posts } = await prepared();
    await source.read([0, 1]);
    expect(posts()).toEqual([]);
  });

  it('takes it for stored where the server has it already, as after an answer that was lost', async () => {
    const { source, record, report } = await prepared(answer(() => [0x0111, 409]));
    await source.store(record, report);
  });

  const passing: Record<string, Fault> = {
    'status 503': (_, response) => !!response.writeHead(503, { 'retry-after': '0' }).end(),
    'a connection that ends': (_, response) => !!response.destroy(),
    'an answer that never comes': () => true,
    'no room': answer(() => [0xa700, 409]),
  };
  for (const [name, fault] of Object.entries(passing))
    it(`sends it again after ${name}`, async () => {
      const { source, record, report, stored, posts } = await prepared((request, response) =>
        request.before === 0 ? fault(request, response) : false,
      );
      await source.store(record, report);
      expect(posts()).toHaveLength(2);
      expect(stored.map(({ file }) => file)).toEqual([report]);
    });

  const lasting: Record<string, readonly [Fault, RegExp]> = {
    'status 500 again and again': [
      (_, response) => !!response.writeHead(500).end('MILLER^EVE'),
      /status 500, and was asked 3 times; .*try again later/,
    ],
    'status 403': [(_, response) => !!response.writeHead(403).end(), /status 403; .*headers/],
    'another address': [
      (_, response) => !!response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
      /status 307; .*headers are sent nowhere else/,
    ],
    'a reason of its own': [
      answer(() => [0x0122, 409]),
      /did not take it \(failure reason 0x0122\)/,
    ],
    'a page to log in': [
      (_, response) =>
        !!response.writeHead(200, { 'content-type': 'text/html' }).end('<p>MILLER^EVE'),
      /does not say that it has it; expected .*log in/,
    ],
    'the name of another instance': [
      (_, response) => {
        sendStored(response, second);
        return true;
      },
      /does not say that it has it/,
    ],
    'no word': [(_, response) => !!response.writeHead(200).end(), /does not say that it has it/],
    rubbish: [
      (_, response) =>
        !!response.writeHead(200, { 'content-type': 'application/dicom+json' }).end('[{"0008'),
      /does not say that it has it/,
    ],
    'an answer without end': [
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/dicom+json' });
        response.end(new Uint8Array(2 ** 20 + 1));
        return true;
      },
      /too long/,
    ],
  };
  for (const [name, [fault, said]] of Object.entries(lasting))
    it(`says that it is not stored: ${name}`, async () => {
      const { source, record, report } = await prepared(fault);
      const error = await source.store(record, report).catch((thrown) => thrown);
      expect(error.code).toBe('NOT_STORED');
      expect(error.message).toMatch(/^store: /);
      expect(error.message).toMatch(said);
      expect(inspect(error, { depth: 9 })).not.toMatch(/MILLER|Drawn|0815|498\.6/);
    });

  it('refuses an object of another study, and what is none, before anything is sent', async () => {
    const { source, record, posts } = await prepared();
    const elsewhere = withMore(film(first), [[0x0020, 0x000d, 'UI', bytesOf('1.2.99')]]);
    const other = await dicomResult.structuredReport(elsewhere, {
      score: 1,
      model: 'm',
    });
    const error = await source.store(record, other).catch((thrown) => thrown);
    expect([error.code, error.message]).toEqual([
      'INVALID_OPTION',
      expect.stringMatching(/^store: object is not of the study of the record; /),
    ]);
    const refused = (object: unknown) =>
      source.store(record, object as Uint8Array).catch(({ code }) => code);
    expect(await refused(new Uint8Array(400))).toBe('IMAGE_INVALID');
    expect(await refused('report')).toBe('INVALID_OPTION');
    expect(posts()).toEqual([]);
  });
});
