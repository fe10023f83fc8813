import { check, checkKnownOptions, checkNumber, checkObject, said } from '../support/check.js';
import { checkNormalScores } from '../support/check-normal-scores.js';
import { checkFilm, type MonitoredFilm } from './monitored-film.js';

/** What a `DriftMonitor` watches, and how sure it is to be. */
export interface DriftMonitorOptions {
  /**
   * Films as they were before anything changed, in any order: those of the last month, say. Later ones are compared with them, and
   * evidence gathers from the first film on.
   *
   * @defaultValue none: the first `window` films are what windows are compared with, and evidence has to learn from the stream itself
   */
  readonly reference?: readonly MonitoredFilm[];
  /**
   * Traits to watch, each with its kind: `{ brightness: 'number', view: 'category' }`.
   *
   * @defaultValue none
   */
  readonly traits?: Readonly<Record<string, 'number' | 'category'>>;
  /** [n], scores of validation normals, for p-values and the share above all of them. Without them neither is counted. */
  readonly normalScores?: ArrayLike<number>;
  /** Scores at or above it are flagged. Without it none is counted. */
  readonly threshold?: number;
  /**
   * The highest chance of an alarm, ever, where nothing changes: over all films to come and all that is watched; in (0, 1).
   *
   * @defaultValue 0.01
   */
  readonly falseAlarmRate?: number;
  /**
   * Films of a window, at least 10.
   *
   * @defaultValue 200
   */
  readonly window?: number;
  /**
   * Of the draws that break ties; a whole number.
   *
   * @defaultValue 0
   */
  readonly seed?: number;
}

/** What streams are called besides the traits. */
export const streamNames = { score: 'score', reading: 'reading' } as const;

/** Options with their defaults. @throws INVALID_OPTION | UNKNOWN_OPTION | EMPTY_SET | NOT_FINITE */
export function checkedOptions(where: string, options: DriftMonitorOptions) {
  checkKnownOptions(where, options, {
    reference: true,
    traits: true,
    normalScores: true,
    threshold: true,
    falseAlarmRate: true,
    window: true,
    seed: true,
  });
  const { reference = [], traits = {}, normalScores, threshold } = options;
  const { falseAlarmRate = 0.01, window = 200, seed = 0 } = options;
  checkObject(where, 'traits', traits, "an object such as { brightness: 'number' }");
  for (const [name, kind] of Object.entries(traits)) {
    check(
      kind === 'number' || kind === 'category',
      'INVALID_OPTION',
      () => `${where}: traits.${name} is ${said(kind)}; expected 'number' or 'category'.`,
    );
    check(
      !Object.hasOwn(streamNames, name),
      'INVALID_OPTION',
      () =>
        `${where}: a trait is named '${name}', as a stream that is always watched; name it otherwise.`,
    );
  }
  if (normalScores !== undefined) checkNormalScores(where, normalScores);
  if (threshold !== undefined) checkNumber(where, 'threshold', threshold, {});
  checkNumber(where, 'falseAlarmRate', falseAlarmRate, { above: 0, max: 1 - Number.EPSILON });
  checkNumber(where, 'window', window, { min: 10, integer: true });
  checkNumber(where, 'seed', seed, { integer: true });
  check(
    Array.isArray(reference),
    'INVALID_OPTION',
    () => `${where}: reference is ${said(reference)}; expected an array of films.`,
  );
  reference.forEach((film, i) => {
    checkFilm(where, `reference[${i}]`, film, traits);
  });
  return {
    reference,
    settings: {
      traits,
      falseAlarmRate,
      window,
      seed,
      ...(threshold !== undefined && { threshold }),
      ...(normalScores && { normalScores: Array.from(normalScores).sort((a, b) => a - b) }),
    },
  };
}

/** What a monitor goes by, as JSON. */
export type MonitorSettings = ReturnType<typeof checkedOptions>['settings'];
