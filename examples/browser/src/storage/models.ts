import type { FilmMap, FilmResult, ModelFacts, PackedModel } from '../workers/messages.js';
import { ScoringPool } from '../workers/pool.js';
import { fetchSampleFilms, fetchSampleModel } from './sample-model.js';

/** A model that the page may score with. */
export interface OfferedModel {
  /** What people read: where it is from. */
  readonly title: string;
  readonly load: () => Promise<PackedModel>;
  /** [rows][64 x 64]: the films that it learnt, as bytes; absent where they are not at hand. */
  readonly pictures?: () => Promise<Uint8Array>;
}

export const sampleModel: OfferedModel = {
  title: 'sample, chest films of children aged 1 to 5, from the front',
  load: fetchSampleModel,
  pictures: fetchSampleFilms,
};

/** For measurements: ?threads=1 has one thread score all films. */
const threads = Number(new URLSearchParams(location.search).get('threads')) || undefined;

/** The model in use, and the threads that score with it. */
export class Models {
  private offered = sampleModel;
  private pool?: ScoringPool;
  private pictures?: Promise<Uint8Array>;
  private readonly listeners = new Set<() => void>();

  get current(): OfferedModel {
    return this.offered;
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Scores with another model from here on, once it is known to load. */
  async use(model: OfferedModel): Promise<ModelFacts> {
    const pool = poolOf(model);
    const facts = await pool.start().catch((error) => {
      pool.dispose();
      throw error;
    });
    this.pool?.dispose();
    [this.offered, this.pool, this.pictures] = [model, pool, undefined];
    for (const listener of this.listeners) listener();
    return facts;
  }

  /** Loads the model, for so many films. */
  start(films = 1): Promise<ModelFacts> {
    return this.running.start(films);
  }

  /** Somebody is about to drop a film: what fails now is told when it does. */
  startSoon(): void {
    void this.start().catch(() => {});
  }

  score(file: File): Promise<FilmResult> {
    return this.running.score(file);
  }

  map(file: File): Promise<FilmMap> {
    return this.running.map(file);
  }

  onnx(): Promise<Uint8Array> {
    return this.running.onnx();
  }

  /** The films that the model learnt, fetched once. */
  async learntFilms(): Promise<Uint8Array | undefined> {
    this.pictures ??= this.offered.pictures?.();
    return this.pictures;
  }

  /** Films that wait are not scored. */
  forgetQueue(): void {
    this.running.forgetQueue();
  }

  private get running(): ScoringPool {
    this.pool ??= poolOf(this.offered);
    return this.pool;
  }
}

/** Each thread gets a model of its own, which is fetched or read once. */
function poolOf({ load }: OfferedModel): ScoringPool {
  let loading: Promise<PackedModel> | undefined;
  return new ScoringPool(async () => {
    loading ??= load();
    return loading.catch((error) => {
      loading = undefined;
      throw error;
    });
  }, threads);
}
