import { type Remote, wrap } from 'comlink';
import type { ModelPorter } from './model-porter.js';
import type { Scorer } from './scorer.js';
import type { Viewer } from './viewer.js';

/** What a thread of films does: score them by a model, or show one; and models as files. */
export interface FilmThread {
  readonly scorer: Remote<Scorer>;
  readonly viewer: Remote<Viewer>;
  readonly porter: Remote<ModelPorter>;
}

/** A thread that was started. */
export interface StartedThread {
  readonly worker: Worker;
  readonly thread: FilmThread;
  /** Settles when the thread ends by itself, and rejects with the reason: calls to it would wait for ever. */
  readonly ended: Promise<never>;
}

/** A new thread for films. */
export function startFilmThread(): StartedThread {
  const worker = new Worker(new URL('./film.worker.ts', import.meta.url), { type: 'module' });
  const ended = new Promise<never>((_, fail) => {
    worker.addEventListener('error', ({ message }) =>
      fail(new Error(message || 'a thread of this page could not be started or ended by itself')),
    );
  });
  // Whoever calls the thread is told; that nobody does is no error.
  ended.catch(() => {});
  return { worker, thread: wrap(worker) as unknown as FilmThread, ended };
}
