import { check, checkKnownOptions, checkList, checkNumber, checkObject } from '../support/check.js';
import { checkBoolean, checkFunction, checkSignal } from '../support/check-kinds.js';
import type { Progress } from '../support/progress.js';
import { checkConfig } from './check-config.js';
import type { ExperimentConfig } from './config.js';
import type { DetectorFactory } from './detector-factory.js';
import type { ExperimentData } from './experiment-data.js';
import type { PlannedRun } from './plan.js';
import type { RunRecord } from './run-record.js';

/**
 * Options of `runExperiment`.
 *
 * @example
 * const options: RunExperimentOptions = { dataSets: { chest: openChest }, out: 'runs' };
 */
export interface RunExperimentOptions {
  /** A function for each data set of the config that opens it; called at most once. */
  readonly dataSets: Readonly<Record<string, () => ExperimentData | Promise<ExperimentData>>>;
  /**
   * Kinds of detectors beside, or in place of, `libraryDetectors`.
   * @defaultValue none
   */
  readonly detectors?: Readonly<Record<string, DetectorFactory>>;
  /** Folder of the runs' files; made when missing. Those that are there are not run again. */
  readonly out: string;
  /**
   * Ends the experiment between two training steps; the run at hand leaves nothing.
   * @defaultValue none
   */
  readonly signal?: AbortSignal;
  /**
   * Called after every run of this call.
   * @defaultValue none
   */
  readonly onProgress?: (
    progress: Progress & {
      /** The run that has just ended. */
      readonly run: RunRecord;
    },
  ) => void;
  /**
   * Called with each warning.
   * @defaultValue none
   */
  readonly onWarning?: (warning: {
    /** `RUN_DAMAGED`: a file is not the whole of a run, which is run again. `RUN_FAILED`: a run was stored as failed. */
    readonly code: 'RUN_DAMAGED' | 'RUN_FAILED';
    /** What happened, with the name of the file. */
    readonly message: string;
  }) => void;
  /**
   * Ids of the runs to carry out. An empty list carries out none: the runs that are there are read.
   * @defaultValue all
   */
  readonly only?: readonly string[];
  /**
   * Experiments on the same images that are planned together with this one: their settings may be evaluated after its own.
   * @defaultValue none
   */
  readonly plannedWith?: readonly ExperimentConfig[];
  /**
   * Whether runs that failed are tried again.
   * @defaultValue false
   */
  readonly retryFailed?: boolean;
  /**
   * Carries a run out elsewhere, in a process of its own for instance, by a call with `only`.
   * @defaultValue runs are carried out here
   */
  readonly carryOut?: (run: PlannedRun) => Promise<void>;
  /**
   * How many runs are carried out at once; more than 1 needs `carryOut`.
   * @defaultValue 1
   */
  readonly concurrency?: number;
}

/** Options as they must be, or INVALID_OPTION, UNKNOWN_OPTION. */
export function checkRunOptions(where: string, options: RunExperimentOptions): void {
  checkKnownOptions(where, options, {
    dataSets: true,
    detectors: true,
    out: true,
    signal: true,
    onProgress: true,
    onWarning: true,
    only: true,
    plannedWith: true,
    retryFailed: true,
    carryOut: true,
    concurrency: true,
  });
  checkFunctions(where, 'dataSets', options.dataSets);
  if (options.detectors !== undefined) checkFunctions(where, 'detectors', options.detectors);
  check(
    typeof options.out === 'string' && options.out !== '',
    'INVALID_OPTION',
    () =>
      `${where}: out is ${JSON.stringify(options.out)}; expected the folder of the runs' files.`,
  );
  checkSignal(where, options.signal);
  for (const name of ['onProgress', 'onWarning', 'carryOut'] as const)
    checkFunction(where, name, options[name]);
  checkBoolean(where, 'retryFailed', options.retryFailed);
  for (const name of ['only', 'plannedWith'] as const)
    if (options[name] !== undefined) checkList(where, name, options[name]);
  const { plannedWith = [], concurrency = 1 } = options;
  plannedWith.forEach((other, i) => {
    checkConfig(`${where}: plannedWith[${i}]`, other);
  });
  const most = options.carryOut ? 1000 : 1;
  checkNumber(where, 'concurrency', concurrency, { min: 1, max: most, integer: true });
}

/** A function under every name. */
function checkFunctions(
  where: string,
  name: string,
  functions: Readonly<Record<string, unknown>>,
): void {
  checkObject(where, name, functions, 'an object of functions by name');
  for (const [key, value] of Object.entries(functions))
    checkFunction(where, `${name}.${key}`, value ?? null);
}
