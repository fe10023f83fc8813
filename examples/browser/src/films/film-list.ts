import type { FilmResult } from '../workers/messages.js';
import { type Film, verdictOf } from './film.js';

type Listener = () => void;

/** Milliseconds between two calls of the listeners while films come: more calls would take from the threads that score, and no eye follows. */
const PAUSE = 500;

/** All films of this visit. Listeners are called twice a second at most, and when the last film has its result. */
export class FilmList {
  private readonly films = new Map<number, Film>();
  private readonly listeners = new Set<Listener>();
  private nextId = 1;
  private isTelling = false;
  private toldAt = Number.NEGATIVE_INFINITY;

  get all(): readonly Film[] {
    return [...this.films.values()];
  }

  get size(): number {
    return this.films.size;
  }

  get(id: number): Film | undefined {
    return this.films.get(id);
  }

  add(file: File): Film {
    const name = file.webkitRelativePath || file.name;
    const film: Film = { id: this.nextId++, file, name };
    this.films.set(film.id, film);
    this.tell();
    return film;
  }

  /** Forgets a result where the film is gone meanwhile. */
  setResult(id: number, result: FilmResult | undefined): void {
    const film = this.films.get(id);
    if (!film) return;
    film.result = result;
    this.tell();
  }

  clear(): void {
    this.films.clear();
    this.tell();
  }

  onChange(listener: Listener): void {
    this.listeners.add(listener);
  }

  /** How many films came to what. */
  counts() {
    const counts = { waiting: 0, abnormal: 0, normal: 0, scored: 0, refused: 0, unreadable: 0 };
    for (const film of this.films.values()) counts[verdictOf(film)]++;
    return counts;
  }

  /** Listeners hear now what they have not heard yet. */
  tellNow(): void {
    this.toldAt = performance.now();
    for (const listener of this.listeners) listener();
  }

  private tell(): void {
    if (this.isTelling) return;
    this.isTelling = true;
    const wait = Math.max(0, this.toldAt + PAUSE - performance.now());
    setTimeout(() => {
      requestAnimationFrame(() => {
        this.isTelling = false;
        this.tellNow();
      });
    }, wait);
  }
}
