import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { imageSource, patientKeys } from '../../../src/data/index.js';
import { type DicomWebOptions, dicom, dicomWebSource } from '../../../src/dicom/index.js';
import { codeOf } from '../../support/code-of.js';
import { fixture } from '../fixtures.js';
import { type Fault, film, listed, multipart, sendFiles, uids } from './archive.js';
import { servingArchives } from './serving.js';

const keys = patientKeys({ salt: 'a salt for these tests alone' });
const quick: DicomWebOptions = { keys, longestWait: 0.01 };
const five = new Map(uids(5).map((uid) => [uid, film(uid)]));
const [first, second] = uids(5);
const files =
  (list: readonly Uint8Array[], cut = 0): Fault =>
  (_, response) => {
    sendFiles(response, list, cut);
    return true;
  };
const serving = servingArchives();

/** Reads all and tells the codes of what could not be read. */
async function problemsOf(url: string, options: DicomWebOptions = {}) {
  const source = await dicomWebSource(url, { ...quick, onUnreadable: 'skip', ...options });
  const { shape, problems = [], positions } = await source.read([...source.ids.keys()]);
  expect(inspect(problems)).not.toMatch(/MILLER|DRAWN|0815/);
  const of = Object.fromEntries(
    problems.map(({ id, code, message }) => [id, `${code}: ${message}`]),
  );
  return { read: shape && (positions?.length ?? source.length), of };
}

describe('dicomWebSource', () => {
  it('lists page by page and reads the same pixels as from a file', async () => {
    const { url, asked } = await serving(five);
    const source = await dicomWebSource(`${url}/`, {
      ...quick,
      pageSize: 2,
      query: { Modality: 'CR' },
    });
    expect(source.ids).toEqual(uids(5));
    expect(
      asked.map(({ query }) => [query.get('limit'), query.get('offset'), query.get('Modality')]),
    ).toEqual([
      ['2', '0', 'CR'],
      // Each begins with the last one of the page before.
      ['2', '1', 'CR'],
      ['2', '2', 'CR'],
      ['2', '3', 'CR'],
      ['2', '4', 'CR'],
    ]);
    const decoded = await dicom().decode(fixture('explicit-little'), { maxPixels: 2 ** 20 });
    const { pixels, shape } = await source.read([3, 0]);
    expect(shape).toEqual([33, 41, 1]);
    expect(Array.from(pixels)).toEqual([...decoded.pixels, ...decoded.pixels]);
    expect(asked.at(-2)?.path).toBe(`studies/1.2.3/series/1.2.3.4/instances/${uids(5)[3]}`);
    expect(asked.at(-1)?.headers.accept).toContain('multipart/related; type="application/dicom"');
  });

  it('knows patients by keys, and holds no identifier', async () => {
    const { url } = await serving(five);
    const source = await dicomWebSource(url, { ...quick, query: { PatientID: 'DRAWN-0815' } });
    const patient = await keys.of('DRAWN-0815');
    expect(source.patients).toEqual(uids(5).map(() => patient));
    expect(source.records[0]).toEqual({
      path: first,
      id: first,
      patient,
      study: await keys.of('1.2.3'),
      view: 'PA',
    });
    expect(inspect(source, { depth: 9, showHidden: true })).not.toMatch(
      /MILLER|DRAWN|0815|1\.2\.3'/,
    );
  });

  it('has no patients where that of one image is not known', async () => {
    const item = (uid: string) => ({
      ...listed(uid),
      ...(uid === first && { '00100020': { vr: 'LO' } }),
    });
    const { url } = await serving(five, undefined, item);
    const source = await dicomWebSource(url, quick);
    expect(source.patients).toBeUndefined();
    expect(source.length).toBe(5);
  });

  it('gives whole files to a source of another making', async () => {
    const { url } = await serving(five);
    const { records, open } = await dicomWebSource(url, quick);
    expect(await open(records[0])).toEqual(film(first));
    const source = imageSource(records, { open, decoders: [dicom()], size: [8, 8] });
    expect((await source.read([4])).shape).toEqual([8, 8, 1]);
  });

  it("sends the user's headers, asked for anew for each request, and no other fetch than theirs", async () => {
    const { url, asked } = await serving(five);
    let token = 0;
    const calls: string[] = [];
    const source = await dicomWebSource(url, {
      ...quick,
      headers: async () => ({ authorization: `Bearer ${token++}`, accept: 'text/html' }),
      fetch: (address, init) => {
        calls.push(String(address));
        return fetch(address, init);
      },
    });
    await source.read([0]);
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer 0',
      'Bearer 1',
      'Bearer 2',
    ]);
    expect(asked.every(({ headers }) => !headers.accept?.includes('html'))).toBe(true);
    expect(calls).toHaveLength(3);
  });

  it('refuses addresses, queries and headers that it must not send, without repeating them', async () => {
    const refused = async (address: string, options: DicomWebOptions = {}) => {
      const error = await dicomWebSource(address, { ...quick, ...options }).catch(
        (thrown) => thrown,
      );
      expect(inspect(error, { depth: 9 })).not.toContain('secret');
      return error.code;
    };
    expect(await refused('http://me:secret@127.0.0.1/dicom-web')).toBe('INVALID_OPTION');
    expect(await refused('http://127.0.0.1/dicom-web?PatientID=secret')).toBe('INVALID_OPTION');
    expect(await refused('ftp://127.0.0.1/secret')).toBe('INVALID_OPTION');
    expect(await refused('http://127.0.0.1', { query: { 'a&b': 'secret' } })).toBe(
      'INVALID_OPTION',
    );
    expect(await refused('http://127.0.0.1', { query: { limit: 5 } })).toBe('INVALID_OPTION');
    expect(await refused('http://127.0.0.1', { headers: { a: 'a\nsecret' } })).toBe(
      'INVALID_OPTION',
    );
    expect(await refused('http://127.0.0.1', { retries: 0.5 })).toBe('INVALID_OPTION');
    expect(await refused('http://127.0.0.1', { concurrency: 0 })).toBe('INVALID_OPTION');
    expect(await refused('http://127.0.0.1', { size: [0, 8] })).toBe('INVALID_OPTION');
  });

  it('says that nothing matches', async () => {
    const { url } = await serving(new Map());
    expect(await codeOf(dicomWebSource(url, quick))).toBe('EMPTY_SET');
  });
});

describe('a server that fails in passing loses nothing', () => {
  const once: Record<string, Fault> = {
    'status 500': (_, response) => !!response.writeHead(500).end('MILLER^EVE'),
    'status 503 with Retry-After in seconds': (_, response) =>
      !!response.writeHead(503, { 'retry-after': '3600' }).end(),
    'status 429 with Retry-After as a date': (_, response) =>
      !!response.writeHead(429, { 'retry-after': new Date(0).toUTCString() }).end(),
    'a connection that ends': (_, response) => !!response.destroy(),
    'a body that ends before its length': ({ path }, response) => {
      const json = path === 'instances';
      const type = json ? 'application/dicom+json' : 'multipart/related; boundary="a film"';
      response.writeHead(200, { 'content-length': 5000, 'content-type': type });
      response.write('[{', () => response.destroy());
      return true;
    },
    'a body that ends well but is cut': ({ path, query }, response) => {
      if (path !== 'instances') sendFiles(response, [film(path.split('/').at(-1) ?? '')], 40);
      else
        response
          .writeHead(200, { 'content-type': 'application/dicom+json' })
          .end(`[{"${query.get('limit')}`);
      return true;
    },
    'an answer that never comes': () => true,
    'an answer that never ends': (_, response) => response.writeHead(200).write('\r\n'),
  };
  for (const [name, fault] of Object.entries(once))
    it(name, async () => {
      const { url, asked } = await serving(five, (request, response) =>
        request.before === 0 ? fault(request, response) : false,
      );
      const { read, of } = await problemsOf(url, { pageSize: 3, timeout: 0.25 });
      expect({ read, of }).toEqual({ read: 5, of: {} });
      // Three pages and five files, each twice.
      expect(asked).toHaveLength(16);
    });

  it('waits as long as it is asked to, within the bound', async () => {
    const { url } = await serving(five, ({ before }, response) =>
      before === 0 ? !!response.writeHead(503, { 'retry-after': '1' }).end() : false,
    );
    const began = performance.now();
    await dicomWebSource(url, { keys, pageSize: 5, longestWait: 30 });
    // Two pages.
    expect(performance.now() - began).toBeGreaterThan(1990);
  });
});

describe('a server that fails for good or lies is named for each instance', () => {
  const lies: Record<string, readonly [Fault, RegExp]> = {
    'status 500': [
      (_, response) => !!response.writeHead(500).end(),
      /^IMAGE_UNREADABLE: .*status 500, and was asked 3 times/,
    ],
    'status 401': [
      (_, response) => !!response.writeHead(401).end(),
      /^IMAGE_UNREADABLE: .*status 401; .*headers/,
    ],
    'status 404': [
      (_, response) => !!response.writeHead(404).end('MILLER^EVE'),
      /^IMAGE_UNREADABLE: .*status 404;/,
    ],
    'another address': [
      (_, response) => !!response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
      /^IMAGE_UNREADABLE: .*status 302; .*headers are sent nowhere else/,
    ],
    'no answer': [() => true, /^IMAGE_UNREADABLE: .*longer than 0.1 s, and was asked 3 times/],
    'a cut file': [files([film(first)], 40), /^IMAGE_TRUNCATED: /],
    'a file that is cut inside': [files([film(first).subarray(0, 2000)]), /^IMAGE_TRUNCATED: /],
    'another instance': [files([film(second)]), /^IMAGE_INVALID: .*another instance/],
    'two instances': [
      files([film(first), film(second)]),
      /^IMAGE_INVALID: the server sent 2 files/,
    ],
    'no file': [files([]), /^IMAGE_INVALID: the server sent 0 files/],
    'no DICOM': [files([new Uint8Array(999)]), /^IMAGE_/],
    'no pixels': [files([fixture('refused-no-pixels')]), /^IMAGE_UNSUPPORTED: .*no pixel data/],
    'a page to log in': [
      (_, response) =>
        !!response.writeHead(200, { 'content-type': 'text/html' }).end('<p>MILLER^EVE'),
      /^IMAGE_UNREADABLE: .*another type of content/,
    ],
    'more than an image can have': [
      (_, response) => {
        response.writeHead(200, { 'content-type': 'multipart/related; boundary="a film"' });
        response.end(multipart([new Uint8Array(2 ** 21)]));
        return true;
      },
      /^IMAGE_TOO_LARGE: /,
    ],
    'more without an end': [
      (_, response) => {
        response.writeHead(200, { 'content-type': 'multipart/related; boundary="a film"' });
        const more = () => response.destroyed || response.write(new Uint8Array(2 ** 16), more);
        return !!more() || true;
      },
      /^IMAGE_TOO_LARGE: /,
    ],
  };
  for (const [name, [fault, message]] of Object.entries(lies))
    it(name, async () => {
      const { url } = await serving(five, (request, response) =>
        request.path.endsWith(first) ? fault(request, response) : false,
      );
      const { read, of } = await problemsOf(url, { retries: 2, timeout: 0.1, maxPixels: 2 ** 12 });
      expect(read).toBe(4);
      expect(of).toEqual({ [first]: expect.stringMatching(message) });
    });

  it('an instance that the list does not name whole', async () => {
    const item = (uid: string) => {
      if (uid === first) return { ...listed(uid), '0020000D': { vr: 'UI', Value: ['../../1.2'] } };
      return uid === second ? { '00100010': listed(uid)['00100010'] } : listed(uid);
    };
    const { url, asked } = await serving(five, undefined, item);
    const { read, of } = await problemsOf(url);
    expect(read).toBe(3);
    expect(Object.keys(of).sort()).toEqual([first, 'entry-4']);
    expect(Object.values(of).join()).toMatch(/^(IMAGE_INVALID: .*does not name its study.*){2}$/);
    expect(asked.every(({ path }) => !path.includes('..'))).toBe(true);
  });

  it('takes plain application/dicom too', async () => {
    const { url } = await serving(five, ({ path }, response) => {
      const file = five.get(path.split('/').at(-1) ?? '');
      if (file) response.writeHead(200, { 'content-type': 'application/dicom' }).end(file);
      return file !== undefined;
    });
    expect(await problemsOf(url)).toEqual({ read: 5, of: {} });
  });
});

describe('a list without truth', () => {
  const page =
    (list: readonly string[]): Fault =>
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/dicom+json' });
      response.end(JSON.stringify(list.map(listed)));
      return true;
    };
  const refusal = async (fault: Fault, options: DicomWebOptions = {}) => {
    const { url } = await serving(five, fault);
    const error = await dicomWebSource(url, {
      ...quick,
      retries: 1,
      timeout: 0.2,
      ...options,
    }).catch((thrown) => thrown);
    expect(error.message).toMatch(/^dicomWebSource: /);
    expect(inspect(error, { depth: 9 })).not.toMatch(/MILLER|DRAWN|0815/);
    return error.message;
  };

  it('the same page without an end', async () => {
    expect(await refusal(page(uids(5)), { pageSize: 5 })).toMatch(
      /from number 6 on that it had sent.*expected a server that heeds offset.*IMAGE_UNREADABLE/,
    );
  });

  it('new instances without an end', async () => {
    const more: Fault = (request, response) => {
      const offset = Number(request.query.get('offset'));
      return page([`1.2.${offset}`, `1.2.${offset + 1}`])(request, response);
    };
    expect(await refusal(more, { maxInstances: 20 })).toMatch(
      /more than 20 instances.*INVALID_OPTION/,
    );
  });

  it('all at once, whatever page is asked for, is the whole list', async () => {
    const { url } = await serving(five, (request, response) =>
      request.path === 'instances' ? page(uids(5))(request, response) : false,
    );
    expect(await problemsOf(url, { pageSize: 2 })).toEqual({ read: 5, of: {} });
  });

  it('another type of content, no list, no JSON, no answer', async () => {
    const send =
      (type: string, text: string): Fault =>
      (_, response) =>
        !!response.writeHead(200, { 'content-type': type }).end(text);
    expect(await refusal(send('text/html', '<p>MILLER^EVE'))).toContain('another type of content');
    expect(await refusal(send('application/json', '{"name": "MILLER^EVE"}'))).toContain('no list');
    expect(await refusal(send('application/json', '[MILLER^EVE'))).toContain('asked 2 times');
    expect(await refusal((_, response) => !!response.destroy())).toContain('asked 2 times');
    expect(await refusal(() => true)).toContain('longer than 0.2 s, and was asked 2 times');
  });
});
