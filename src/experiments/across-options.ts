import { check, checkChoice, checkKnownOptions, checkNumber } from '../support/check.js';
import { checkFunction, checkSignal } from '../support/check-kinds.js';
import type { Progress } from '../support/progress.js';
import { checkConfig } from './check-config.js';
import type { ExperimentConfig } from './config.js';
import type { RecalibrationPlan } from './recalibrated.js';
import type { RunExperimentOptions } from './run-options.js';

/**
 * Options of `acrossDataSets`.
 *
 * @example
 * const options: AcrossOptions = { dataSets: { children: openChildren, adults: openAdults }, normals: [50] };
 */
export interface AcrossOptions extends Pick<RunExperimentOptions, 'dataSets' | 'detectors'> {
  /**
   * Which part of each set is judged: 'validation' while anything is still to be decided, 'test' once, at the end.
   * @defaultValue 'validation'
   */
  readonly judged?: 'validation' | 'test';
  /**
   * [numbers]: of how many local normals a threshold is set again.
   * @defaultValue [20, 50, 100]
   */
  readonly normals?: readonly number[];
  /**
   * How often so many local normals are drawn.
   * @defaultValue 200
   */
  readonly draws?: number;
  /**
   * Share of normals meant to stay below a threshold, in (0, 1].
   * @defaultValue 0.95
   */
  readonly quantile?: number;
  /**
   * Pairs of sets that are made of the same films, or share patients: neither is judged by what learnt from the other.
   * @defaultValue none
   */
  readonly sharedFilms?: readonly (readonly [string, string])[];
  /**
   * Ends the call between two training steps; it rejects with `signal.reason`.
   * @defaultValue none
   */
  readonly signal?: AbortSignal;
  /**
   * Called after every fit.
   * @defaultValue none
   */
  readonly onProgress?: (
    progress: Progress & {
      /** Name of the data set that it learnt from. */
      readonly trainedOn: string;
      /** Name of the detector. */
      readonly detector: string;
      /** Of the fit. */
      readonly seed: number;
    },
  ) => void;
}

/** What is judged and how often, checked, with defaults. */
export type AcrossPlan = RecalibrationPlan &
  Required<Pick<AcrossOptions, 'judged' | 'sharedFilms'>>;

/** @throws INVALID_OPTION, UNKNOWN_OPTION, TEST_SELECTION */
export function checkedAcross(
  where: string,
  config: ExperimentConfig,
  options: AcrossOptions,
): AcrossPlan {
  checkConfig(where, config);
  checkKnownOptions(where, options, {
    dataSets: true,
    detectors: true,
    judged: true,
    normals: true,
    draws: true,
    quantile: true,
    sharedFilms: true,
    signal: true,
    onProgress: true,
  });
  const { choices = [] } = config;
  check(
    choices.every((choice) => choice === 'labelFree'),
    'INVALID_OPTION',
    () =>
      `${where}: choices is ${JSON.stringify(choices)}; expected ['labelFree'], since no label of another hospital is known when a detector is fixed; leave choices out.`,
  );
  const {
    judged = 'validation',
    normals = [20, 50, 100],
    draws = 200,
    quantile = 0.95,
    sharedFilms = [],
  } = options;
  checkChoice(where, 'judged', judged, ['validation', 'test']);
  check(
    Array.isArray(normals),
    'INVALID_OPTION',
    () => `${where}: normals is ${JSON.stringify(normals)}; expected a list of whole numbers.`,
  );
  normals.forEach((count, i) => {
    checkNumber(where, `normals[${i}]`, count, { min: 1, integer: true });
  });
  checkNumber(where, 'draws', draws, { min: 1, integer: true });
  checkNumber(where, 'quantile', quantile, { above: 0, max: 1 });
  checkPairs(where, config.dataSets, sharedFilms);
  checkSignal(where, options.signal);
  checkFunction(where, 'onProgress', options.onProgress);
  return { judged, normals, draws, quantile, sharedFilms };
}

/** A name that no set has would leave films shared unseen. */
function checkPairs(where: string, names: readonly string[], pairs: unknown): void {
  const good =
    Array.isArray(pairs) &&
    pairs.every(
      (pair) =>
        Array.isArray(pair) && pair.length === 2 && pair.every((name) => names.includes(name)),
    );
  check(
    good,
    'INVALID_OPTION',
    () =>
      `${where}: sharedFilms is ${JSON.stringify(pairs)}; expected pairs of names among ${names.join(', ')}.`,
  );
}
