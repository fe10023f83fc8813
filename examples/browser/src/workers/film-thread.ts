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

/** A new thread for films. */
export function startFilmThread(): { readonly worker: Worker; readonly thread: FilmThread } {
  const worker = new Worker(new URL('./film.worker.ts', import.meta.url), { type: 'module' });
  return { worker, thread: wrap(worker) as unknown as FilmThread };
}
