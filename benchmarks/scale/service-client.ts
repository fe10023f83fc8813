import { type Agent, request } from 'node:http';

/** What all clients saw. */
export interface Tally {
  sent: number;
  answered: number;
  /** Times that the service was full. */
  refused: number;
  lost: number;
  wrong: number;
  /** Of each film, from the first attempt to its answer. */
  readonly seconds: number[];
}

export interface Load {
  readonly port: number;
  readonly agent: Agent;
  readonly films: readonly Buffer[];
  /** The model's own score of each; undefined where the film cannot be read. */
  readonly expected: readonly (number | undefined)[];
  readonly tally: Tally;
}

/** Sends one film after the other until the time is over; where the service is full, the same film again. */
export async function client(load: Load, number: number, until: number): Promise<void> {
  const { films, expected, tally } = load;
  for (let i = 7 * number; performance.now() < until; i++) {
    const film = i % films.length;
    const began = performance.now();
    tally.sent++;
    for (;;) {
      const found = await post(load, films[film]).catch(() => undefined);
      if (found?.status === 503) {
        tally.refused++;
        await new Promise((resolve) => setTimeout(resolve, 20 + 30 * Math.random()));
        continue;
      }
      const status = expected[film] === undefined ? 422 : 200;
      if (!found) tally.lost++;
      else {
        tally.answered++;
        tally.seconds.push((performance.now() - began) / 1000);
        if (found.status !== status || found.score !== expected[film]) tally.wrong++;
      }
      break;
    }
  }
}

/** The answer to one film. */
export function post(
  { port, agent }: Pick<Load, 'port' | 'agent'>,
  film: Buffer,
): Promise<{ status?: number; score?: number }> {
  const options = { port, agent, host: '127.0.0.1', path: '/score', method: 'POST' };
  return new Promise((resolve, reject) => {
    const sending = request(
      { ...options, headers: { 'content-length': film.length } },
      async (response) => {
        try {
          let text = '';
          for await (const piece of response) text += piece;
          resolve({ status: response.statusCode, score: JSON.parse(text).score });
        } catch (error) {
          reject(error);
        }
      },
    );
    sending.once('error', reject);
    sending.end(film);
  });
}
