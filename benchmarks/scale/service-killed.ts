import { once } from 'node:events';
import { Agent } from 'node:http';
import { type Load, post } from './service-client.js';
import { startService } from './service-process.js';

/** Films that each client has sent before the kill, on average, and in all. */
const BEFORE = 10;
export const IN_ALL = 20;

/** What clients saw of a service that was killed and came again. */
export interface Killed {
  /** Films with an answer when it was killed, and at the end. */
  readonly before: number;
  readonly answered: number;
  /** Films whose first attempt had no answer; the most of one client. */
  readonly unanswered: number;
  readonly mostOfOne: number;
  readonly wrong: number;
}

/** Kills the service while all clients send, starts another in its place, and has every film that had no answer sent again. */
export async function killedUnderLoad(given: {
  readonly model: string;
  readonly places: string;
  readonly clients: string;
  readonly films: Load['films'];
  readonly expected: Load['expected'];
}): Promise<Killed> {
  const clients = Number(given.clients);
  const first = await startService(given.model, given.places);
  const { port } = first;
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const unanswered = new Array<number>(clients).fill(0);
  let [answered, wrong, again] = [0, 0, false];
  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
  const client = async (c: number) => {
    for (let sent = 0; sent < IN_ALL; sent++) {
      const film = (7 * c + sent) % given.films.length;
      for (let failed = false; ; ) {
        const found = await post({ port, agent }, given.films[film]).catch(() => undefined);
        if (found && found.status !== 503) {
          const status = given.expected[film] === undefined ? 422 : 200;
          if (found.status !== status || found.score !== given.expected[film]) wrong++;
          break;
        }
        if (!found && !failed) {
          failed = true;
          unanswered[c]++;
          // Nobody listens until then.
          while (!again) await pause(20);
        }
        await pause(20 + 30 * Math.random());
      }
      answered++;
    }
  };
  const all = Promise.all(unanswered.map((_, c) => client(c)));
  while (answered < BEFORE * clients) await pause(1);
  const before = answered;
  const gone = once(first.service, 'exit');
  first.service.kill('SIGKILL');
  await gone;
  const second = await startService(given.model, given.places, port);
  again = true;
  await all;
  const ended = once(second.service, 'exit');
  second.service.kill('SIGTERM');
  await ended;
  agent.destroy();
  return {
    before,
    answered,
    unanswered: unanswered.reduce((sum, count) => sum + count, 0),
    mostOfOne: Math.max(...unanswered),
    wrong,
  };
}
