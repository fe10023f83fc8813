import { type StartedThread, startFilmThread } from './film-thread.js';
import type { FilmMap, FilmResult, ModelFacts, PackedModel } from './messages.js';

/** Films that wait for a thread before another one is started. */
const QUEUE_FOR_ANOTHER = 6;
/** No more threads than this, however many cores there are: each holds a model. */
const MOST_THREADS = 4;
/** Films that a thread has at a time: while one is scored, the next is read from the disk. */
const FILMS_EACH = 2;

interface Thread extends StartedThread {
  readonly jobs: Job[];
}

interface Job {
  readonly file: File;
  readonly done: (result: FilmResult) => void;
  /** Whether it was with another film when their thread ended: it has a thread to itself now. */
  readonly alone: boolean;
}

/** Threads that score films; they start when the first film comes. */
export class ScoringPool {
  private readonly threads: Thread[] = [];
  private readonly queue: Job[] = [];
  private starting = 0;
  private first?: Promise<ModelFacts>;

  constructor(
    private readonly model: () => Promise<PackedModel>,
    private readonly most = Math.min(MOST_THREADS, navigator.hardwareConcurrency || 1),
  ) {}

  /** Loads the model on a first thread, once; where many films are to come, on another beside it. */
  start(films = 1): Promise<ModelFacts> {
    this.first ??= this.startThread().catch((error) => {
      this.first = undefined;
      throw error;
    });
    this.growFor(films);
    return this.first;
  }

  /** What becomes of a film; films are taken in order. */
  async score(file: File): Promise<FilmResult> {
    await this.start();
    return new Promise((done) => {
      this.queue.push({ file, done, alone: false });
      this.next();
    });
  }

  /** Where in a film its score comes from; by the thread with the least to do. */
  async map(file: File): Promise<FilmMap> {
    await this.start();
    const [{ thread }] = this.leastBusy();
    return thread.scorer.map(file);
  }

  /** The model as one ONNX file. */
  async onnx(): Promise<Uint8Array> {
    await this.start();
    return this.threads[0].thread.scorer.onnx();
  }

  /** No thread can be had any more: those that wait are told. */
  private giveUp(error: unknown): void {
    for (const { done } of this.queue.splice(0)) done(unreadable(error));
  }

  /** Films that wait are given up; those that are being scored are not. */
  forgetQueue(): void {
    this.queue.length = 0;
  }

  /** Ends all threads; films that wait are given up. */
  dispose(): void {
    this.forgetQueue();
    for (const { worker } of this.threads.splice(0)) worker.terminate();
  }

  private async startThread(): Promise<ModelFacts> {
    this.starting++;
    const started = startFilmThread();
    try {
      const loading = started.thread.scorer.load(await this.model());
      const facts = await Promise.race([loading, started.ended]);
      const thread = { ...started, jobs: [] };
      this.threads.push(thread);
      started.ended.catch((error) => this.lost(thread, error));
      return facts;
    } catch (error) {
      started.worker.terminate();
      throw error;
    } finally {
      this.starting--;
      this.next();
    }
  }

  private leastBusy(): Thread[] {
    return [...this.threads].sort((a, b) => a.jobs.length - b.jobs.length);
  }

  /** Hands out films that wait, to whichever thread has the fewest. */
  private next(): void {
    for (;;) {
      const [thread] = this.leastBusy();
      const [job] = this.queue;
      if (!thread || !job) break;
      const most = job.alone || thread.jobs.some(({ alone }) => alone) ? 1 : FILMS_EACH;
      if (thread.jobs.length >= most) break;
      this.queue.shift();
      void this.run(thread, job);
    }
    this.growFor(this.queue.length);
  }

  /** Another thread for so many films that wait, where one more may be had. */
  private growFor(waiting: number): void {
    const hasRoom = this.threads.length + this.starting < this.most;
    if (hasRoom && waiting >= QUEUE_FOR_ANOTHER) void this.startThread().catch(() => {});
  }

  private async run(thread: Thread, job: Job): Promise<void> {
    thread.jobs.push(job);
    const result = await thread.thread.scorer.score(job.file).catch(unreadable);
    thread.jobs.splice(thread.jobs.indexOf(job), 1);
    job.done(result);
    this.next();
  }

  /** A thread ended by itself, of too large a film say; others go on. Of two films nobody knows which it was: each is tried alone. */
  private lost(thread: Thread, error: unknown): void {
    const at = this.threads.indexOf(thread);
    if (at < 0) return;
    thread.worker.terminate();
    this.threads.splice(at, 1);
    if (thread.jobs.length === 1) thread.jobs[0].done(unreadable(error));
    else this.queue.unshift(...thread.jobs.map((job) => ({ ...job, alone: true })));
    if (this.threads.length === 0) void this.startThread().catch((why) => this.giveUp(why));
    this.next();
  }
}

const unreadable = (error: unknown): FilmResult => ({
  kind: 'unreadable',
  code: 'THREAD_ENDED',
  message: String(error),
});
