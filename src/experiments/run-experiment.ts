import { renamedKind } from '../baselines/renamed-kinds.js';
import { check, checkKnownOptions, checkList, checkNumber } from '../support/check.js';
import { checkBoolean, checkFunction, checkSignal } from '../support/check-kinds.js';
import type { Progress } from '../support/progress.js';
import { carryOutRun } from './carry-out-run.js';
import { checkConfig } from './check-config.js';
import type { AnomalyPlan, Choice, ExperimentConfig } from './config.js';
import { type DataFacts, factsOf } from './data-facts.js';
import type { DetectorFactory } from './detector-factory.js';
import { type ExperimentData, type OpenedData, openData } from './experiment-data.js';
import { libraryDetectors } from './library-detectors.js';
import { areaStretch, type Cell, cellsOf, type PlannedRun } from './plan.js';
import { RunFolder } from './run-folder.js';
import type { RunRecord } from './run-record.js';

const where = 'runExperiment';

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

/**
 * What tables and figures are made of; JSON.
 *
 * @example
 * const { cells }: ExperimentResults = await runExperiment(config, options);
 * console.log(cells.filter(({ run }) => run?.status === 'done').length);
 */
export interface ExperimentResults {
  /** The config as it was given. */
  readonly config: ExperimentConfig;
  /** Facts of each data set, by name. */
  readonly data: Readonly<Record<string, DataFacts>>;
  /** Every place of the tables, with its run where there is one; places may share a run. */
  readonly cells: readonly {
    /** Name of the data set. */
    readonly dataSet: string;
    /** Name of the detector. */
    readonly detector: string;
    /** The known anomalies among its training images. */
    readonly anomalies: AnomalyPlan;
    /** Of everything that is drawn. */
    readonly seed: number;
    /** How settings and weights are fixed. */
    readonly choice: Choice;
    /** Of the run. */
    readonly id: string;
    /** Absent where it was not run yet. */
    readonly run?: RunRecord;
  }[];
}

/**
 * Runs every detector on every data set with every share of known anomalies from every seed, and keeps each
 * run in a file of its own, so that an experiment that was stopped goes on where it stopped.
 *
 * A run's file is named by a hash of everything that it depends on, data included. Test images are scored once,
 * after a run's settings and weights are fixed; nothing is ever chosen by them. Once a kind of detector has scored
 * them, other settings of that kind are refused unless they were planned before.
 *
 * @param config what is compared
 * @param options `dataSets` and `out`; the others have defaults
 * @returns one cell for each place of the tables, with its run
 * @throws TEST_SELECTION for a config that chooses by test images, and for settings that were not planned before the test images
 * were first scored. FORMAT_VERSION for a damaged plan of them. WRITE_FAILED where a file cannot be written. PATIENT_OVERLAP, IMAGE_OVERLAP where test, validation and
 * training images are not apart. INVALID_OPTION also for a data set or kind that is not registered. UNKNOWN_OPTION,
 * LABELS_MISMATCH, EMPTY_SET, SHAPE_MISMATCH, NOT_FINITE, INVALID_IMAGES, INVALID_RECORDS, IMAGE_UNREADABLE for data sets that are not as
 * `ExperimentData` says; the reason of `signal`
 * @example
 * const results = await runExperiment(config, { dataSets: { chest: openChest }, out: 'runs' });
 * await writeFile('table.md', experimentTables(results));
 */
export async function runExperiment(
  config: ExperimentConfig,
  options: RunExperimentOptions,
): Promise<ExperimentResults> {
  checkConfig(where, config);
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
  checkFunctions('dataSets', options.dataSets);
  if (options.detectors !== undefined) checkFunctions('detectors', options.detectors);
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
  const { out, signal, only, plannedWith = [], concurrency = 1 } = options;
  plannedWith.forEach((other, i) => {
    checkConfig(`${where}: plannedWith[${i}]`, other);
  });
  const most = options.carryOut ? 1000 : 1;
  checkNumber(where, 'concurrency', concurrency, { min: 1, max: most, integer: true });
  const factories = { ...libraryDetectors, ...options.detectors };
  checkRegistered(
    'detector',
    config.detectors.map(({ kind }) => kindIn(factories, kind)),
    factories,
  );
  checkRegistered('data set', config.dataSets, options.dataSets);
  const folder = await RunFolder.open(out, options.onWarning);
  const opened: Record<string, OpenedData> = {};
  const data: Record<string, DataFacts> = {};
  for (const name of config.dataSets) {
    opened[name] = await openData(name, options.dataSets[name], signal);
    data[name] = await factsOf(opened[name], { resize: areaStretch, ...config });
    await folder.fixPlan(data[name], [config, ...plannedWith]);
    await folder.writeData(data[name]);
    signal?.throwIfAborted();
  }
  const cells = cellsOf(config, data);
  checkPlanned(only, cells);
  const here = async (run: PlannedRun) => {
    const { detector, dataSet } = run.config;
    const record = await carryOutRun(
      run,
      opened[dataSet],
      factories[kindIn(factories, detector.kind)],
      signal,
    );
    await folder.write(run, record);
    // Immediately, since after a kill the next call may have other training images and so find no run of its own.
    await folder.fixPlan(data[dataSet]);
  };
  await carryOutAll(runsLeft(cells, folder, options), folder, { carryOut: here, ...options });
  for (const facts of Object.values(data)) await folder.fixPlan(facts);
  const places = cells.map(({ run: planned, ...cell }) => {
    const run = folder.get(planned);
    return { ...cell, id: planned.id, ...(run && { run }) };
  });
  return { config, data, cells: places };
}

/** Runs that are to be carried out, each once though several cells may share it. */
function runsLeft(
  cells: readonly Cell[],
  folder: RunFolder,
  { only, retryFailed }: RunExperimentOptions,
): PlannedRun[] {
  const runs = new Map(cells.map(({ run }) => [run.id, run]));
  return [...runs.values()].filter((run) => {
    const there = folder.get(run);
    const stands = there && !(there.status === 'failed' && retryFailed);
    return !stands && (!only || only.includes(run.id));
  });
}

/** Carries runs out, `concurrency` at once, and reports each. */
async function carryOutAll(
  runs: readonly PlannedRun[],
  folder: RunFolder,
  {
    carryOut,
    concurrency = 1,
    signal,
    onProgress,
  }: RunExperimentOptions & { readonly carryOut: (run: PlannedRun) => Promise<void> },
): Promise<void> {
  const waiting = [...runs];
  const began = performance.now();
  let done = 0;
  const worker = async () => {
    for (let run = waiting.shift(); run; run = waiting.shift()) {
      signal?.throwIfAborted();
      const record = await attempt(run, carryOut, folder, signal);
      done += 1;
      const secondsLeft = ((performance.now() - began) / 1000 / done) * (runs.length - done);
      onProgress?.({ done, total: runs.length, run: record, secondsLeft });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** The run's record, stored as failed where carrying it out left none. */
async function attempt(
  run: PlannedRun,
  carryOut: (run: PlannedRun) => Promise<void>,
  folder: RunFolder,
  signal: AbortSignal | undefined,
): Promise<RunRecord> {
  let failure: unknown;
  try {
    await carryOut(run);
  } catch (error) {
    signal?.throwIfAborted();
    failure = error;
  }
  signal?.throwIfAborted();
  return (await folder.readAgain(run)) ?? (await folder.writeFailure(run, failure));
}

function checkPlanned(only: readonly string[] | undefined, cells: readonly Cell[]): void {
  const ids = new Set(cells.map(({ run }) => run.id));
  const unknown = only?.find((id) => !ids.has(id));
  check(
    unknown === undefined,
    'INVALID_OPTION',
    () =>
      `${where}: only names the run '${unknown}', which this config on this data does not have; expected ids of its runs; give the config and the data that they were planned with.`,
    { id: unknown },
  );
}

/** A kind as it is registered: a config may call one of the library's by an older name. */
function kindIn(factories: Readonly<Record<string, DetectorFactory>>, kind: string): string {
  return Object.hasOwn(factories, kind) ? kind : renamedKind(kind);
}

/** A function under every name. */
function checkFunctions(name: string, functions: Readonly<Record<string, unknown>>): void {
  check(
    typeof functions === 'object' && functions !== null,
    'INVALID_OPTION',
    () => `${where}: ${name} is ${String(functions)}; expected an object of functions by name.`,
  );
  for (const [key, value] of Object.entries(functions))
    check(
      typeof value === 'function',
      'INVALID_OPTION',
      () => `${where}: ${name}.${key} is ${String(value)}; expected a function.`,
    );
}

function checkRegistered(
  what: string,
  names: readonly string[],
  registered: Readonly<Record<string, unknown>>,
): void {
  const unknown = names.find((name) => !Object.hasOwn(registered, name));
  check(
    unknown === undefined,
    'INVALID_OPTION',
    () =>
      `${where}: the config names the ${what} '${unknown}'; expected one of ${Object.keys(registered).join(', ')}; register it in the options.`,
    { [what]: unknown },
  );
}
