import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type FilmServer, filmServer, type Scorer } from '../../../examples/service/film-server.js';
import { pause, untilMetric, upload } from './running.js';

const film = Buffer.from('a film');
const lines: string[] = [];
let service: FilmServer;

/** The service with a scorer of the test, which scores one film at once. */
async function served(scorer: Scorer, scoreSeconds = 30): Promise<number> {
  lines.length = 0;
  const limits = { mostBytes: 100, uploadSeconds: 30, places: 3, atOnce: 1, scoreSeconds };
  service = filmServer(limits, (line) => lines.push(JSON.stringify(line)));
  await new Promise<void>((resolve) => service.server.listen(0, '127.0.0.1', resolve));
  service.start(scorer);
  return (service.server.address() as AddressInfo).port;
}
const untilAborted: Scorer = (_film, signal) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
afterEach(() => service.stop());

describe('filmServer', () => {
  it('is not ready before it can score, and asks to come again', async () => {
    const port = await served(async () => ({}));
    const other = filmServer(
      { mostBytes: 100, uploadSeconds: 30, places: 3, atOnce: 1, scoreSeconds: 1 },
      () => {},
    );
    await new Promise<void>((resolve) => other.server.listen(0, '127.0.0.1', resolve));
    const unready = (other.server.address() as AddressInfo).port;
    const ready = (at: number) => fetch(`http://127.0.0.1:${at}/health/ready`);
    expect([(await ready(port)).status, (await ready(unready)).status]).toEqual([200, 503]);
    expect((await fetch(`http://127.0.0.1:${unready}/health/live`)).status).toBe(200);
    const answer = await upload(unready, film).answer;
    expect(answer).toMatchObject({ status: 503, body: { code: 'NOT_READY' } });
    expect(answer.headers['retry-after']).toBe('1');
    await other.stop();
  });

  it('gives up a film that has no score in time', async () => {
    const port = await served(untilAborted, 0.05);
    const answers = await Promise.all([upload(port, film).answer, upload(port, film).answer]);
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 504, body: { code: 'TOO_LATE' } });
    await untilMetric(port, 'salad_places_taken', 0);
  });

  it('does not score a film whose client went away while it waited', async () => {
    const seen: string[] = [];
    let finish = () => {};
    const port = await served(async (bytes) => {
      seen.push(String(bytes));
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { score: seen.length };
    });
    const first = upload(port, Buffer.from('first'));
    await untilMetric(port, 'salad_places_taken', 1);
    const second = upload(port, Buffer.from('second'));
    await untilMetric(port, 'salad_queue_length', 1);
    second.leave();
    const third = upload(port, Buffer.from('third'));
    await untilMetric(port, 'salad_queue_length', 2);
    finish();
    expect((await first.answer).body).toEqual({ score: 1 });
    await untilMetric(port, 'salad_films_total{outcome="CLIENT_GONE"}', 1);
    while (seen.length < 2) await pause(1);
    finish();
    expect((await third.answer).body).toEqual({ score: 2 });
    expect(seen).toEqual(['first', 'third']);
  });

  it('says nothing of a film where scoring fails, neither to the client nor in the log', async () => {
    const port = await served(() => Promise.reject(new Error('Muster^Anna cannot be scored')));
    const answer = await upload(port, film).answer;
    expect(answer).toMatchObject({ status: 500, body: { code: 'FAILED' } });
    expect(JSON.stringify(answer.body) + lines).not.toContain('Muster');
    expect(lines).toHaveLength(1);
  });
});
