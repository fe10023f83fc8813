import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filmFolder } from '../../support/written-films.js';
import {
  metric,
  type RunningService,
  savedModel,
  startService,
  untilMetric,
  upload,
} from './running.js';

const folder = filmFolder();
let made: Awaited<ReturnType<typeof savedModel>>;
let service: RunningService;
beforeAll(async () => {
  made = await savedModel(folder);
  const flags = ['--places', '2', '--most-bytes', '2000', '--upload-seconds', '200'];
  service = await startService(folder, flags);
});
afterAll(async () => {
  service.kill('SIGTERM');
  await service.ended;
  made.model.dispose();
});
const count = (outcome: string) => metric(service.port, `salad_films_total{outcome="${outcome}"}`);

describe('the limits of the service example', () => {
  it('refuses a film that is too large, told by its head or found on the way', async () => {
    const large = Buffer.alloc(3_000_000);
    const told = await upload(service.port, large).answer;
    expect(told).toMatchObject({ status: 413, body: { code: 'TOO_LARGE' } });
    const body = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 30; i++) controller.enqueue(new Uint8Array(1000));
        controller.close();
      },
    });
    const url = `http://127.0.0.1:${service.port}/score`;
    const init = { method: 'POST', body, duplex: 'half' };
    expect((await fetch(url, init as RequestInit)).status).toBe(413);
    expect(await count('TOO_LARGE')).toBe(2);
    const impatient = upload(service.port, large, 10);
    expect((await impatient.answer).status).toBe(413);
    impatient.leave();
    expect(made.films.every(({ length }) => length < 2000)).toBe(true);
    expect((await upload(service.port, made.films[0]).answer).body.score).toBe(made.scores[0]);
  });

  it('refuses a film that comes too slowly, and gives its place to others', async () => {
    const hasty = await startService(folder, ['--places', '2', '--upload-seconds', '1']);
    const slow = [upload(hasty.port, made.films[0], 10), upload(hasty.port, made.films[1], 10)];
    for (const { answer } of slow)
      expect(await answer).toMatchObject({ status: 408, body: { code: 'TOO_SLOW' } });
    expect(await metric(hasty.port, 'salad_films_total{outcome="TOO_SLOW"}')).toBe(2);
    expect((await upload(hasty.port, made.films[2]).answer).body.score).toBe(made.scores[2]);
    hasty.kill('SIGTERM');
    expect(await hasty.ended).toBe(0);
  });

  it('when full asks to come again, and loses nothing', async () => {
    const held = [upload(service.port, made.films[0], 10), upload(service.port, made.films[1], 10)];
    await untilMetric(service.port, 'salad_places_taken', 2);
    const refused = await upload(service.port, made.films[2]).answer;
    expect(refused).toMatchObject({ status: 503, body: { code: 'FULL' } });
    expect(refused.headers['retry-after']).toBe('1');
    for (const { rest } of held) rest();
    for (const [i, { answer }] of held.entries())
      expect((await answer).body.score).toBe(made.scores[i]);
    expect((await upload(service.port, made.films[2]).answer).body.score).toBe(made.scores[2]);
  });

  it('gives the place of a client that goes away to others', async () => {
    const left = [upload(service.port, made.films[0], 10), upload(service.port, made.films[1], 10)];
    await untilMetric(service.port, 'salad_places_taken', 2);
    const refused = upload(service.port, Buffer.alloc(3_000_000), 10);
    expect((await refused.answer).status).toBe(503);
    for (const { leave } of [refused, ...left]) leave();
    await untilMetric(service.port, 'salad_films_total{outcome="CLIENT_GONE"}', 2);
    expect(await metric(service.port, 'salad_places_taken')).toBe(0);
    expect((await upload(service.port, made.films[2]).answer).body.score).toBe(made.scores[2]);
  });
});
