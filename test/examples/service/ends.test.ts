import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filmFolder } from '../../support/written-films.js';
import { pause, savedModel, startService, untilMetric, upload } from './running.js';

const folder = filmFolder();
let made: Awaited<ReturnType<typeof savedModel>>;
beforeAll(async () => {
  made = await savedModel(folder);
});
afterAll(() => made.model.dispose());

describe('how the service example ends', () => {
  it('on SIGTERM takes no more films, finishes those that are here, and exits with 0', async () => {
    const service = await startService(folder);
    const { port } = service;
    const held = [0, 1, 2].map((i) => upload(port, made.films[i], 10));
    await untilMetric(port, 'salad_places_taken', 3);
    service.kill('SIGTERM');
    while (!service.text().includes('"stopping"')) await pause(10);
    await expect(upload(port, made.films[3]).answer).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
    for (const { rest } of held) rest();
    for (const [i, { answer }] of held.entries()) {
      const { status, body } = await answer;
      expect([status, body.score]).toEqual([200, made.scores[i]]);
    }
    expect(await service.ended).toBe(0);
  });

  it('killed under load, loses only the films that were in it', async () => {
    const clients = 8;
    const rounds = 12;
    let service = await startService(folder);
    const { port } = service;
    let [done, restarted] = [0, false];
    const failures = new Array<number>(clients).fill(0);
    const wrong: number[] = [];
    const client = async (c: number) => {
      for (let round = 0; round < rounds; round++) {
        const film = (c + round) % made.films.length;
        for (;;) {
          const answer = await upload(port, made.films[film]).answer.catch(() => undefined);
          if (answer?.status === 200) {
            if (answer.body.score !== made.scores[film]) wrong.push(film);
            break;
          }
          // Until the service is there again, every attempt fails; the first is the film that was lost.
          failures[c]++;
          while (!restarted) await pause(20);
        }
        done++;
      }
    };
    const all = Promise.all(failures.map((_, c) => client(c)));
    while (done < clients) await pause(1);
    service.kill('SIGKILL');
    expect(await service.ended).toBe(null);
    service = await startService(folder, [], port);
    const before = done;
    expect(before).toBeLessThan(clients * rounds);
    restarted = true;
    await all;
    expect(wrong).toEqual([]);
    expect(done).toBe(clients * rounds);
    // Each client had one film in it at most.
    expect(Math.max(...failures)).toBe(1);
    await untilMetric(port, 'salad_films_total{outcome="scored"}', clients * rounds - before);
    service.kill('SIGTERM');
    expect(await service.ended).toBe(0);
  });
});
