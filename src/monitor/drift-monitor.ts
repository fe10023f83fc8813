import { conformalPValue } from '../metrics/conformal-p-values.js';
import type { DriftSummary } from './drift-summary.js';
import { checkFilm, type MonitoredFilm, type TraitKinds } from './monitored-film.js';
import { checkedOptions, type DriftMonitorOptions, type MonitorSettings } from './options.js';
import { type RecentFilm, RecentFilms } from './recent-films.js';
import { Reference, type Value } from './reference.js';
import { checkedState, type MonitorState, STATE_FORMAT } from './state.js';
import { Stream } from './stream.js';
import { windowOf } from './window-of.js';

/** Evidence above it is told as it, since JSON has no infinity. */
const MOST_EVIDENCE = 1e300;

/**
 * Watches films as they come for a change of scores, of how files can be read, and of traits such as view or brightness.
 *
 *     p_n = (#{higher among the values so far} + u #{equal, itself included}) / n      u uniform on (0, 1), seeded
 *     evidence of a stream = a mixture of bets against p_1, p_2, ... being uniform and independent; alarm at streams / falseAlarmRate
 *
 * Where the films of reference and stream are exchangeable, the chance that an alarm is ever raised is at most `falseAlarmRate` (Ville's
 * inequality, shared out over the streams). An alarm says that films changed, not that scores are wrong; and no alarm says nothing of a
 * change too small or too recent. A repeated patient, sorted lists and days of one department break exchangeability as well: give films as they
 * come, or in random order within a batch. Every value of a number stays in memory: 8 bytes a film and stream.
 *
 * Research software, not a medical device.
 *
 * @see Vovk, Gammerman, Shafer: Algorithmic Learning in a Random World, 2nd edition 2022, chapter 8; Ville, Étude critique de la notion de
 * collectif, 1939. Deviation: the bets are those of docs/monitor.md, a mixture that begins again at every film.
 * @example
 * const monitor = new DriftMonitor({ reference: validation.map((score) => ({ score })), traits: { view: 'category' } });
 * for (const film of films)
 *   for (const { stream } of monitor.add(film)) console.warn(`the films changed: ${stream}`);
 */
export class DriftMonitor {
  private readonly settings: MonitorSettings;
  private readonly streams: readonly Stream[];
  private readonly recent: RecentFilms;
  private reference: Reference | undefined;
  private films: number;

  /**
   * @param options what to watch; all have defaults.
   * @throws INVALID_OPTION | UNKNOWN_OPTION | EMPTY_SET | NOT_FINITE
   */
  constructor(options: DriftMonitorOptions = {}) {
    const { reference, settings } = checkedOptions('DriftMonitor', options);
    this.settings = settings;
    this.streams = [
      Stream.begin('score', 'number', settings.seed),
      Stream.begin('reading', 'category', settings.seed),
      ...Object.entries(settings.traits).map(([name, kind]) =>
        Stream.begin(name, kind, settings.seed),
      ),
    ];
    this.recent = new RecentFilms(settings.window);
    this.films = 0;
    for (const film of reference)
      for (const [stream, value] of this.valuesOf(film)) stream.prime(value);
    if (reference.length > 0)
      this.reference = Reference.of(
        reference.map((film) => this.kept(film).values),
        this.kinds,
      );
  }

  /**
   * Goes on where a monitor was saved: every later alarm, number and draw is the same to the bit.
   *
   * @param state what `toJSON` gave, after `JSON.stringify` and `JSON.parse` too.
   * @returns a monitor of its own; the state is copied.
   * @throws INVALID_OPTION | UNKNOWN_OPTION | EMPTY_SET for what is no state | FORMAT_VERSION for one of a later version
   * @example
   * const monitor = DriftMonitor.fromJSON(JSON.parse(await readFile('drift.json', 'utf8')));
   */
  static fromJSON(state: unknown): DriftMonitor {
    const { settings, streams, recent, reference, films } = structuredClone(
      checkedState('DriftMonitor.fromJSON', state),
    );
    const monitor = new DriftMonitor(settings);
    return Object.assign(monitor, {
      streams: streams.map((one) => Stream.from(one, settings.seed)),
      recent: new RecentFilms(settings.window, recent),
      reference: reference && new Reference(reference),
      films,
    });
  }

  /**
   * All that it knows, for a file.
   *
   * @returns plain data for `JSON.stringify`; some 18 characters for each film and stream of numbers.
   * @example
   * await writeFile('drift.json', JSON.stringify(monitor));
   */
  toJSON(): Readonly<Record<string, unknown>> {
    const state: MonitorState = {
      ...STATE_FORMAT,
      settings: this.settings,
      streams: this.streams.map((stream) => stream.toJSON()),
      recent: this.recent.groups,
      ...(this.reference && { reference: this.reference.values }),
      films: this.films,
    };
    return structuredClone(state) as unknown as Readonly<Record<string, unknown>>;
  }

  /**
   * Takes a film in.
   *
   * @param film the next one, whether it could be read or not.
   * @returns the alarms that it raises, mostly none; each stream raises one in its life. `film` counts from 1.
   * @throws INVALID_OPTION | UNKNOWN_OPTION; the monitor is then as it was
   * @example
   * const alarms = monitor.add({ score: 0.41, group: 'ward 3', traits: { view: 'AP' } });
   */
  add(film: MonitoredFilm): { readonly stream: string; readonly film: number }[] {
    checkFilm('DriftMonitor.add', 'film', film, this.settings.traits);
    const number = ++this.films;
    const raised = this.valuesOf(film).filter(([stream, value]) =>
      stream.add(value, number, Math.log(this.threshold)),
    );
    this.recent.add(this.kept(film), film.group);
    if (!this.reference && this.films === this.settings.window)
      this.reference = Reference.of(
        this.recent.all.map(({ values }) => values),
        this.kinds,
      );
    return raised.map(([{ name }]) => ({ stream: name, film: number }));
  }

  /**
   * What it found so far.
   *
   * @returns plain data: the evidence of each stream, and the last films of all and of each group.
   * @example
   * const page = await renderReport({ title: 'Films of this week', drift: monitor.summary() });
   */
  summary(): DriftSummary {
    const { threshold, normalScores, falseAlarmRate } = this.settings;
    const names = Object.keys(this.kinds);
    const told = (log: number) => Math.min(Math.exp(log), MOST_EVIDENCE);
    return {
      films: this.films,
      falseAlarmRate,
      streams: this.streams.map(({ found }) => ({
        name: found.name,
        values: found.values,
        evidence: told(found.log),
        highest: told(found.highest),
        threshold: this.threshold,
        ...(found.alarm !== undefined && { alarm: found.alarm }),
        trail: found.trail.map(([film, log]) => [film, log / Math.LN10] as const),
      })),
      windows: this.recent.groups.map((group) =>
        windowOf(group, {
          threshold,
          highestNormal: normalScores?.[normalScores.length - 1],
          names,
          reference: this.reference,
        }),
      ),
    };
  }

  /** The evidence of one stream that is an alarm: the promise is shared out evenly. */
  private get threshold(): number {
    return this.streams.length / this.settings.falseAlarmRate;
  }

  /** Score and traits, which windows hold. */
  private get kinds(): TraitKinds {
    return { score: 'number', ...this.settings.traits };
  }

  /** What a film says to each stream; numbers that are missing say nothing. */
  private valuesOf(film: MonitoredFilm): [Stream, string | number][] {
    return this.streams.flatMap((stream): [Stream, string | number][] => {
      const { name, kind } = stream;
      const value =
        name === 'score'
          ? film.score
          : name === 'reading'
            ? (film.problem ?? 'read')
            : film.traits?.[name];
      if (value !== undefined) return [[stream, value]];
      // That a category is missing is a category too.
      return kind === 'category' ? [[stream, '']] : [];
    });
  }

  private kept({ score, pValue, traits = {}, problem }: MonitoredFilm): RecentFilm {
    const { normalScores } = this.settings;
    const values: Record<string, Value> = { score: score ?? null };
    for (const name of Object.keys(this.settings.traits)) values[name] = traits[name] ?? null;
    const counted =
      score !== undefined && normalScores ? conformalPValue(score, normalScores) : null;
    return { values, pValue: pValue ?? counted, read: problem === undefined };
  }
}
