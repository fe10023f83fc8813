import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dicom, dicomResult, dicomWebSource } from '../../../src/dicom/index.js';
import { fixture } from '../fixtures.js';
import { readBack } from '../results/read-back.js';
import { film, uids } from './archive.js';

const plugin = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';
const program = ['/usr/sbin/Orthanc', '/usr/bin/Orthanc'].find(existsSync);
const present = program !== undefined && existsSync(plugin);
const absent = present ? '' : " (not here: Debian's packages orthanc and orthanc-dicomweb)";

/** Drawn films of nobody, coded in several ways; each has a UID of its own, which some files have already. */
const films = new Map<string, Uint8Array>([
  ...uids(5).map((uid) => [uid, film(uid)] as const),
  ['1.2.826.0.1.3680043.8.2000', film('1.2.826.0.1.3680043.8.2000', 'rle')],
  ['1.2.826.0.1.3680043.8.2001', film('1.2.826.0.1.3680043.8.2001', 'jpeg-lossless-first')],
  ['1.2.276.0.7230010.3.1.4.8323328.6572.1795436964.446338', fixture('jpeg-baseline')],
]);

describe.skipIf(!present)(`Orthanc and its plugin for DICOMweb${absent}`, () => {
  let folder = '';
  let orthanc: ChildProcess;
  let url = '';
  const password = 'drawn';
  const headers = { authorization: `Basic ${btoa(`films:${password}`)}` };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'salad-ad-orthanc-'));
    const port = await freePort();
    const settings = {
      StorageDirectory: join(folder, 'films'),
      IndexDirectory: join(folder, 'films'),
      Plugins: [plugin],
      HttpPort: port,
      HttpBindAddresses: ['127.0.0.1'],
      DicomServerEnabled: false,
      RemoteAccessAllowed: false,
      AuthenticationEnabled: true,
      RegisteredUsers: { films: password },
      DicomWeb: { Enable: true, Root: '/dicom-web/' },
    };
    await writeFile(join(folder, 'orthanc.json'), JSON.stringify(settings));
    orthanc = spawn(program as string, [join(folder, 'orthanc.json')], { stdio: 'ignore' });
    const server = `http://127.0.0.1:${port}`;
    url = `${server}/dicom-web`;
    for (let tries = 0; ; tries++) {
      const up = await fetch(`${server}/system`, { headers }).catch(() => undefined);
      if (up?.ok) break;
      if (tries > 300 || orthanc.exitCode !== null) throw new Error('Orthanc does not start');
      await new Promise((go) => setTimeout(go, 100));
    }
    for (const file of films.values()) {
      const body = Uint8Array.from(file);
      const stored = await fetch(`${server}/instances`, { method: 'POST', headers, body });
      if (!stored.ok) throw new Error(`Orthanc does not store a film: status ${stored.status}`);
    }
  }, 60_000);

  afterAll(async () => {
    if (orthanc?.exitCode === null) {
      const ended = new Promise((go) => orthanc.once('exit', go));
      orthanc.kill();
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  });

  it('gives every film, page by page, with the pixels of its file', async () => {
    const source = await dicomWebSource(url, { headers, pageSize: 3 });
    expect(source.ids).toEqual([...films.keys()].sort());
    expect(new Set(source.patients).size).toBe(1);
    expect(source.records[0]).toMatchObject({ view: 'PA', bodyPart: 'CHEST' });
    for (const [i, uid] of source.ids.entries()) {
      const file = films.get(uid) as Uint8Array;
      const decoded = await dicom().decode(file, { maxPixels: 2 ** 20 });
      const { pixels } = await source.read([i]);
      expect(Array.from(pixels), uid).toEqual(Array.from(decoded.pixels));
      expect(await source.open(source.records[i]), uid).toEqual(file);
    }
  });

  it('finds by a query, and nothing by one that fits nothing', async () => {
    const [uid] = uids(1);
    const one = await dicomWebSource(url, { headers, query: { SOPInstanceUID: uid } });
    expect(one.ids).toEqual([uid]);
    await expect(dicomWebSource(url, { headers, query: { Modality: 'MR' } })).rejects.toThrow(
      'EMPTY_SET',
    );
  });

  it('takes results into the study of their film, once, and leaves the film as it was', async () => {
    const source = await dicomWebSource(url, { headers, query: { SOPInstanceUID: uids(1)[0] } });
    const [record] = source.records;
    const before = await source.open(record);
    const statement = { score: 1.93, model: 'SHA-256 1f0c', pValue: 0.047, abnormal: true };
    const pixels = new Uint8Array(40 * 300).map((_, i) => i % 251);
    const picture = { pixels, height: 40, width: 300, channels: 1 as const };
    const objects = [
      await dicomResult.structuredReport(before, statement),
      await dicomResult.secondaryCapture(before, picture, statement),
    ];
    // The second time as after an answer that was lost.
    for (let times = 0; times < 2; times++)
      for (const object of objects) await source.store(record, object);

    const asked = async (path: string) =>
      (await (await fetch(`${url}/${path}`, { headers })).json()) as Record<
        string,
        { readonly Value?: readonly unknown[] }
      >[];
    const study = readBack(before).string('x0020000d') as string;
    const series = await asked(`studies/${study}/series?includefield=0008103E`);
    const described = (text: string) =>
      series
        .filter((one) => one['0008103E']?.Value?.[0] === text)
        .map((one) => one['00080060'].Value);
    expect(described('Research software, not a medical device: anomaly score')).toEqual([['SR']]);
    expect(described('Research software, not a medical device: anomaly map')).toEqual([['OT']]);
    for (const object of objects) {
      const data = readBack(object);
      const place = data.string('x0020000e');
      const instances = await asked(`studies/${study}/series/${place}/instances`);
      expect(instances.map((one) => one['00080018'].Value)).toEqual([[data.string('x00080018')]]);
      const stored = await dicomWebSource(url, {
        headers,
        query: { SOPInstanceUID: data.string('x00080018') as string },
      });
      expect(await stored.open(stored.records[0]).catch(({ code }) => code)).toEqual(
        object === objects[0] ? 'IMAGE_UNSUPPORTED' : object,
      );
    }
    expect(await source.open(record)).toEqual(before);
    // Who asks for films does not get what was made of them.
    const films = await dicomWebSource(url, { headers, query: { Modality: 'CR' } });
    expect(films.ids).toContain(record.id);
    expect(films.ids).not.toContain(readBack(objects[1]).string('x00080018'));
  });

  it('lets nobody in without a password', async () => {
    await expect(dicomWebSource(url)).rejects.toThrow(/status 401; .*headers.*IMAGE_UNREADABLE/);
  });
});

/** One that nobody listens on just now. */
function freePort(): Promise<number> {
  return new Promise((go, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => go(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
