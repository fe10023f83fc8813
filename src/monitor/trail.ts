/** Points kept of a trail. */
const MOST_POINTS = 512;

/** How evidence went, film by film; where there are many films every second point is dropped, again and again. */
export class Trail {
  constructor(
    private every = 1,
    private readonly points: [film: number, log: number][] = [],
  ) {}

  add(film: number, log: number): void {
    if (film % this.every !== 0) return;
    this.points.push([film, log]);
    if (this.points.length < MOST_POINTS) return;
    this.every *= 2;
    const kept = this.points.filter(([at]) => at % this.every === 0);
    this.points.splice(0, this.points.length, ...kept);
  }

  toJSON(): TrailState {
    return { every: this.every, points: this.points.map(([film, log]) => [film, log] as const) };
  }
}

/** What a `Trail` is, as JSON. */
export interface TrailState {
  readonly every: number;
  readonly points: readonly (readonly [film: number, log: number])[];
}
