import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filmFolder } from '../../support/written-films.js';
import { metric, type RunningService, savedModel, startService, upload } from './running.js';

const folder = filmFolder();
let made: Awaited<ReturnType<typeof savedModel>>;
let service: RunningService;
beforeAll(async () => {
  made = await savedModel(folder);
  service = await startService(folder);
});
afterAll(async () => {
  service.kill('SIGTERM');
  await service.ended;
  made.model.dispose();
});
const read = (name: string) => readFile(new URL(`../../fixtures/${name}`, import.meta.url));

describe('the service example', () => {
  it('gives the scores of the model to the bit, for PNG, JPEG and DICOM, all at once', async () => {
    const { model, films, scores } = made;
    const others = await Promise.all(
      ['images/grey.jpg', 'dicom/explicit-little.dcm', 'dicom/jpeg-lossless-1.dcm'].map(read),
    );
    const all = [...films, ...others];
    const expected = [...scores];
    for (const film of others) expected.push((await model.scoreFiles([film])).scores[0]);
    const answers = await Promise.all(all.map((film) => upload(service.port, film).answer));
    expect(answers.map(({ status }) => status)).toEqual(all.map(() => 200));
    expect(answers.map(({ body }) => body.score)).toEqual(expected);
    const { pValues, abnormal } = await model.scoreFiles([films[0]]);
    expect(answers[0].body).toMatchObject({ pValue: pValues![0], flagged: abnormal![0] });
    const ids = answers.map(({ headers }) => headers['x-request-id']);
    expect(new Set(ids).size).toBe(all.length);
  });

  it('says by code why a film has no score', async () => {
    const rubbish = await upload(service.port, Buffer.from('no film at all')).answer;
    expect(rubbish).toMatchObject({ status: 422, body: { code: 'IMAGE_INVALID' } });
    const torn = await upload(service.port, made.films[0].subarray(0, 90)).answer;
    expect(torn.status).toBe(422);
    const { problems } = await made.model.scoreFiles([made.films[0].subarray(0, 90)]);
    expect(torn.body.code).toBe(problems![0].code);
    expect((await upload(service.port, Buffer.alloc(0)).answer).status).toBe(422);
    expect(await metric(service.port, 'salad_places_taken')).toBe(0);
  });

  it('tells that it lives and is ready, and knows no other path', async () => {
    const get = (path: string) => fetch(`http://127.0.0.1:${service.port}${path}`);
    expect((await get('/health/live')).status).toBe(200);
    expect(await (await get('/health/ready')).json()).toEqual({ ready: true });
    expect((await get('/score')).status).toBe(404);
    expect((await get('/films/Muster^Anna')).status).toBe(404);
  });

  it('has metrics in the text form of Prometheus, which count every film once', async () => {
    const scored = 'salad_films_total{outcome="scored"}';
    const before = (await metric(service.port, scored)) ?? 0;
    await Promise.all(made.films.map((film) => upload(service.port, film).answer));
    expect(await metric(service.port, scored)).toBe(before + made.films.length);
    expect(await metric(service.port, 'salad_film_seconds_count')).toBe(before + made.films.length);
    const response = await fetch(`http://127.0.0.1:${service.port}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const lines = (await response.text()).split('\n').filter((line) => line !== '');
    // The grammar of the exposition format, version 0.0.4; numbers are those of Go's ParseFloat, which takes NaN in any case.
    const sample =
      /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_]\w*="(\\["\\n]|[^"\\\n])*",?)*\})? ([Nn]a[Nn]|[+-]?Inf|[-+]?[\d.]+(e[-+]?\d+)?)( -?\d+)?$/;
    const comment =
      /^# (HELP [a-zA-Z_:][\w:]* .*|TYPE [a-zA-Z_:][\w:]* (counter|gauge|histogram|summary|untyped))$/;
    for (const line of lines) expect(line).toMatch(line.startsWith('#') ? comment : sample);
    const buckets = lines.flatMap((line) =>
      line.startsWith('salad_film_seconds_bucket') ? Number(line.split(' ')[1]) : [],
    );
    expect(buckets.length).toBe(12);
    expect(buckets).toEqual([...buckets].sort((a, b) => a - b));
    expect(buckets.at(-1)).toBe(before + made.films.length);
    expect(await metric(service.port, 'process_resident_memory_bytes')).toBeGreaterThan(1e6);
    expect(await metric(service.port, 'salad_queue_length')).toBe(0);
  });

  it('writes nothing of a film into its log: no name, no path, no tag', async () => {
    const named = await read('dicom/explicit-little.dcm');
    expect(named.includes('Drawn^Phantom')).toBe(true);
    const path = '/score?file=MUSTER_ANNA.dcm';
    const { status, headers } = await upload(service.port, named, named.length, path).answer;
    expect(status).toBe(200);
    const torn = await upload(service.port, named.subarray(0, 1500), 1500, path).answer;
    expect(torn.status).toBe(422);
    await fetch(`http://127.0.0.1:${service.port}/MUSTER_ANNA`);
    const text = service.text();
    expect(text).not.toMatch(/drawn|phantom|0815|muster/i);
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const line = lines.find(({ id }) => id === headers['x-request-id']);
    expect(line).toMatchObject({ outcome: 'scored', status: 200, bytes: named.length });
    const known = ['time', 'event', 'port', 'id', 'outcome', 'status', 'milliseconds', 'bytes'];
    for (const line of lines) expect(known).toEqual(expect.arrayContaining(Object.keys(line)));
  });
});
