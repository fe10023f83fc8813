import { RandomStream } from '../support/random.js';
import { Evidence, type EvidenceState } from './evidence.js';
import { NumberRanks, type Ranks, WordRanks } from './ranks.js';
import { Trail, type TrailState } from './trail.js';

/** One thing that is watched: the scores, how files read, or a trait. */
export class Stream {
  private constructor(
    readonly name: string,
    readonly kind: 'number' | 'category',
    private readonly seed: number,
    private readonly ranks: Ranks<never>,
    private readonly evidence: Evidence,
    private readonly trail: Trail,
    /** Values after the reference. */
    private count: number,
    /** The film that raised the alarm, from 1. */
    private alarm: number | undefined,
  ) {}

  static begin(name: string, kind: 'number' | 'category', seed: number): Stream {
    const ranks = kind === 'number' ? new NumberRanks() : new WordRanks();
    return new Stream(name, kind, seed, ranks, Evidence.none(), new Trail(), 0, undefined);
  }

  /** @param state as `toJSON` gives it */
  static from(state: StreamState, seed: number): Stream {
    const { name, kind, values, evidence, trail, count, alarm } = state;
    const ranks =
      kind === 'number'
        ? new NumberRanks([...(values as readonly number[])])
        : new WordRanks(values as readonly (readonly [string, number])[]);
    return new Stream(
      name,
      kind,
      seed,
      ranks,
      Evidence.from(evidence),
      new Trail(
        trail.every,
        trail.points.map(([film, log]) => [film, log]),
      ),
      count,
      alarm,
    );
  }

  toJSON(): StreamState {
    return {
      name: this.name,
      kind: this.kind,
      values: this.ranks.toJSON() as StreamState['values'],
      evidence: this.evidence.toJSON(),
      trail: this.trail.toJSON(),
      count: this.count,
      ...(this.alarm !== undefined && { alarm: this.alarm }),
    };
  }

  /** A value of the reference. */
  prime(value: string | number): void {
    this.ranks.prime(value as never);
  }

  /**
   * @param film its number, from 1
   * @param logThreshold natural logarithm of the evidence that is an alarm
   * @returns whether this film raises the alarm, which happens once
   */
  add(value: string | number, film: number, logThreshold: number): boolean {
    // The draw is named by its place, so that a monitor that was saved draws on as it would have.
    const draw = new RandomStream(this.seed, ['drift', this.name, this.count]).uniform();
    // Off both ends, where a bet would be infinite.
    this.evidence.add(this.ranks.add(value as never, draw + 2 ** -33));
    this.count++;
    this.trail.add(film, this.evidence.log);
    const raised = this.alarm === undefined && this.evidence.highest >= logThreshold;
    if (raised) this.alarm = film;
    return raised;
  }

  /** What it found so far. */
  get found() {
    return {
      name: this.name,
      values: this.count,
      log: this.evidence.log,
      highest: this.evidence.highest,
      alarm: this.alarm,
      trail: this.trail.toJSON().points,
    };
  }
}

/** What a `Stream` is, as JSON. */
export interface StreamState {
  readonly name: string;
  readonly kind: 'number' | 'category';
  readonly values: readonly number[] | readonly (readonly [string, number])[];
  readonly evidence: EvidenceState;
  readonly trail: TrailState;
  readonly count: number;
  readonly alarm?: number;
}
