import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import pLimit from 'p-limit';
import { isSaladError } from 'salad-ad';
import { serviceMetrics } from './metrics.js';
import { readBody, type UploadLimits } from './read-body.js';
import { Refusal } from './refusal.js';

export interface ServiceLimits extends UploadLimits {
  /** Films that may be in the service at once: coming in, waiting or being scored. Their bytes are what its memory must hold. */
  readonly places: number;
  /** Films that are decoded and scored at once. */
  readonly atOnce: number;
  /** Seconds from the last byte of a film until its score must be there. */
  readonly scoreSeconds: number;
}

/** Scores one film. */
export type Scorer = (film: Uint8Array, signal: AbortSignal) => Promise<object>;

/** A line of the log: what happened to a film, and nothing of what it is or where it came from. */
export type LogLine = {
  readonly id: string;
  readonly outcome: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly bytes: number;
};

export interface FilmServer {
  readonly server: Server;
  /** From here on films are scored. */
  start(scorer: Scorer): void;
  /** Takes no more films, and resolves once those that are in the service have their answers. */
  stop(): Promise<void>;
}

/** POST /score takes a film as the body of the request; /health/live, /health/ready and /metrics are for those who run the service. */
export function filmServer(limits: ServiceLimits, log: (line: LogLine) => void): FilmServer {
  let scorer: Scorer | undefined;
  let stopping = false;
  let places = 0;
  const inTurn = pLimit(limits.atOnce);
  const metrics = serviceMetrics({ places: () => places, waiting: () => inTurn.pendingCount });

  const server = createServer(handle);
  // A client that asks first is not told to send a film that has no place.
  server.on('checkContinue', handle);
  server.headersTimeout = 1000 * limits.uploadSeconds;
  // Those who go on sending after they were refused.
  server.requestTimeout = 2000 * limits.uploadSeconds;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = `${request.method} ${request.url?.split('?')[0]}`;
    if (route === 'POST /score') return film(request, response);
    if (route === 'GET /health/live') return answer(response, 200, { live: true });
    const ready = scorer !== undefined && !stopping;
    if (route === 'GET /health/ready') return answer(response, ready ? 200 : 503, { ready });
    if (route !== 'GET /metrics') return answer(response, 404, { code: 'NOT_FOUND' });
    const text = await metrics.registry.metrics();
    response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text);
  }

  async function film(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [id, began] = [randomUUID(), performance.now()];
    let bytes = 0;
    let outcome = 'scored';
    let status = 200;
    response.setHeader('x-request-id', id);
    try {
      takePlace();
      try {
        if (request.headers.expect) response.writeContinue();
        const body = await readBody(request, limits);
        bytes = body.length;
        const found = await scored(body, response);
        metrics.seconds.observe((performance.now() - began) / 1000);
        answer(response, status, found);
      } finally {
        places--;
      }
    } catch (error) {
      const refusal = error instanceof Refusal ? error : failure(error);
      ({ status, code: outcome } = refusal);
      answer(response, status, { code: outcome, error: refusal.message });
    }
    metrics.requests.inc({ outcome });
    log({ id, outcome, status, milliseconds: Math.round(performance.now() - began), bytes });
  }

  function takePlace(): void {
    if (!scorer || stopping)
      throw new Refusal(503, 'NOT_READY', 'the service starts or stops; try again soon');
    if (places >= limits.places)
      throw new Refusal(503, 'FULL', `${places} films are here; try again soon`);
    places++;
  }

  /** The score of a film in its turn, unless the client goes away or the time is over before. */
  function scored(body: Buffer, response: ServerResponse): Promise<object> {
    const end = new AbortController();
    const { signal } = end;
    const late = new Refusal(504, 'TOO_LATE', `no score within ${limits.scoreSeconds} s`);
    const timer = setTimeout(() => end.abort(late), 1000 * limits.scoreSeconds);
    response.once('close', () => {
      clearTimeout(timer);
      end.abort(new Refusal(499, 'CLIENT_GONE', 'the client went away'));
    });
    return inTurn(async () => {
      signal.throwIfAborted();
      return scorer!(body, signal);
    });
  }

  function answer(response: ServerResponse, status: number, body: object): void {
    // Of a film that comes too slowly nobody wants the rest.
    if (stopping || status === 408) response.setHeader('connection', 'close');
    if (status === 503) response.setHeader('retry-after', 1);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  return {
    server,
    start(given) {
      scorer = given;
    },
    stop() {
      stopping = true;
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Its message may hold something of the film: the client gets the code alone. */
const failure = (error: unknown): Refusal =>
  new Refusal(500, isSaladError(error) ? error.code : 'FAILED', 'the film could not be scored');
