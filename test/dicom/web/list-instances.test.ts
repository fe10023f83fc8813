import { afterEach, describe, expect, it } from 'vitest';
import { type DicomWebOptions, dicomResult, dicomWebSource } from '../../../src/dicom/index.js';
import { readBack } from '../results/read-back.js';
import { type Fault, film, listed, uids } from './archive.js';
import { servingArchives } from './serving.js';

const quick: DicomWebOptions = { longestWait: 0.01 };
const serving = servingArchives();
const filmsOf = (ids: readonly string[]) => new Map(ids.map((uid) => [uid, film(uid)]));

describe('an archive that changes while its list is read', () => {
  /** Before the page of number `at` is answered, `change` is made; pages are counted over all readings. */
  const before =
    (at: number, change: () => void): Fault =>
    ({ path }) => {
      if (path === 'instances' && ++pages === at) change();
      return false;
    };
  let pages = 0;
  afterEach(() => {
    pages = 0;
  });

  it.each([2, 3, 4])('loses no film where one goes before page %i', async (at) => {
    const all = uids(6);
    const films = filmsOf(all);
    // The list is sent from the last to the first: the one that stood first goes, and all others move up.
    const gone = all[5];
    const { url } = await serving(
      films,
      before(at, () => films.delete(gone)),
    );
    const source = await dicomWebSource(url, { ...quick, pageSize: 2, onUnreadable: 'skip' });
    expect(source.ids).toEqual(all);
    // What went is named, by its UID.
    const { problems } = await source.read([...source.ids.keys()]);
    expect(problems?.map(({ id, message }) => [id, /status 404/.test(message)])).toEqual([
      [gone, true],
    ]);
  });

  it('loses no film where a whole page of them goes, and none is left to send', async () => {
    const all = uids(6);
    const films = filmsOf(all);
    const { url } = await serving(
      films,
      before(3, () => {
        for (const uid of all.slice(2)) films.delete(uid);
      }),
    );
    const { ids } = await dicomWebSource(url, { ...quick, pageSize: 2 });
    expect(ids).toEqual(expect.arrayContaining(all.slice(0, 2)));
  });

  it('reads on where films come', async () => {
    const films = filmsOf(uids(6));
    const { url, asked } = await serving(
      films,
      before(2, () => films.set('1.2.826.0.1.3680043.8.2000', film('1.2.826.0.1.3680043.8.2000'))),
    );
    const { ids } = await dicomWebSource(url, { ...quick, pageSize: 3 });
    expect(ids).toEqual(expect.arrayContaining(uids(6)));
    expect(asked.filter(({ query }) => query.get('offset') === '0')).toHaveLength(1);
  });

  it('says so where it changes each time, rather than miss a film', async () => {
    const all = uids(40);
    const films = filmsOf(all);
    const { url } = await serving(films, ({ path, query }) => {
      if (path === 'instances' && query.get('offset') !== '0')
        films.delete([...films.keys()].at(-1) ?? '');
      return false;
    });
    await expect(dicomWebSource(url, { ...quick, pageSize: 4 })).rejects.toThrow(
      /^dicomWebSource: instances before number 5 went from the server while it sent its list, each of 5 times.*IMAGE_UNREADABLE/,
    );
  });
});

it('asks for no longer pages than pageSize, which may be the most that a server gives', async () => {
  const films = filmsOf(uids(7));
  const { url } = await serving(films, ({ path, query }, response) => {
    if (path !== 'instances' || Number(query.get('limit')) <= 3) return false;
    response.writeHead(400).end();
    return true;
  });
  expect((await dicomWebSource(url, { ...quick, pageSize: 3 })).ids).toEqual(uids(7));
});

it.each([1, 2])('lists all in pages of %i', async (pageSize) => {
  const { url } = await serving(filmsOf(uids(4)));
  expect((await dicomWebSource(url, { ...quick, pageSize })).ids).toEqual(uids(4));
});

describe('an archive that does not heed the query', () => {
  const [one, two, three] = uids(3);
  const modality = (value: string) => ({ '00080060': { vr: 'CS', Value: [value] } });

  it('is not believed: what is of another modality is left out, and said', async () => {
    const kinds: Record<string, string> = { [one]: 'CR', [two]: 'SR', [three]: 'OT' };
    const { url, asked } = await serving(filmsOf(uids(3)), undefined, (uid) => ({
      ...listed(uid),
      ...modality(kinds[uid]),
    }));
    const warnings: string[] = [];
    const source = await dicomWebSource(url, {
      ...quick,
      pageSize: 1,
      query: { Modality: 'DX,CR' },
      onWarning: ({ code, message }) => warnings.push(`${code}: ${message}`),
    });
    expect(source.ids).toEqual([one]);
    expect(warnings).toEqual([
      'OTHER_MODALITY: dicomWebSource: the server listed 2 instances of another modality than the query names; left out.',
    ]);
    expect(asked[0].query.getAll('includefield')).toContain('00080060');
    // Asked for all, all are given.
    for (const [name, value] of [
      ['StudyDate', '20260101-'],
      ['Modality', '*'],
      ['Modality', 'C?'],
      ['00080060', ''],
    ])
      expect((await dicomWebSource(url, { ...quick, query: { [name]: value } })).length).toBe(3);
    await expect(dicomWebSource(url, { ...quick, query: { Modality: 'MG' } })).rejects.toThrow(
      'EMPTY_SET',
    );
  });

  it('and where its list does not say the modality, the file does', async () => {
    const source = film(one);
    const picture = { pixels: new Uint8Array(2500), height: 50, width: 50, channels: 1 as const };
    const statement = { score: 1, model: 'm' };
    const capture = await dicomResult.secondaryCapture(source, picture, statement);
    const uid = readBack(capture).string('x00080018') as string;
    const films = new Map([
      [one, source],
      [uid, capture],
    ]);
    const { url } = await serving(films);
    const query = { Modality: 'CR' };
    const found = await dicomWebSource(url, { ...quick, query, onUnreadable: 'skip' });
    expect(found.ids).toEqual([one, uid].sort());
    const { problems = [] } = await found.read([0, 1]);
    expect(problems.map(({ id, code }) => [id, code])).toEqual([[uid, 'IMAGE_INVALID']]);
    expect(problems[0].message).toMatch(/of another modality than the query names/);
  });
});
