import type { Value } from './reference.js';

/** What is kept of a film in a window. */
export interface RecentFilm {
  /** Score and traits by name; null where missing. */
  readonly values: Readonly<Record<string, Value>>;
  readonly pValue: number | null;
  readonly read: boolean;
}

/** The last films of a group; the name '' stands for all. */
export interface RecentGroup {
  readonly name: string;
  films: number;
  readonly last: RecentFilm[];
}

/** Groups with a window of their own; films of later ones share one. */
const MOST_GROUPS = 100;
const OTHERS = 'other groups';

/** The last films of all, and of each group. */
export class RecentFilms {
  /** @param groups all films first, then the groups in the order they came; becomes its own */
  constructor(
    private readonly size: number,
    readonly groups: RecentGroup[] = [{ name: '', films: 0, last: [] }],
  ) {}

  add(film: RecentFilm, group: string | undefined): void {
    this.into('', film);
    if (group) this.into(this.placeOf(group), film);
  }

  /** The last films of all. */
  get all(): readonly RecentFilm[] {
    return this.groups[0].last;
  }

  private placeOf(group: string): string {
    const known = this.groups.some(({ name }) => name === group);
    return known || this.groups.length <= MOST_GROUPS ? group : OTHERS;
  }

  private into(name: string, film: RecentFilm): void {
    let own = this.groups.find((group) => group.name === name);
    if (!own) {
      own = { name, films: 0, last: [] };
      this.groups.push(own);
    }
    own.films++;
    own.last.push(film);
    if (own.last.length > this.size) own.last.shift();
  }
}
