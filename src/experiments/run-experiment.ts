import { renamedKind } from '../baselines/renamed-kinds.js';
import { check, checkKnownOptions, checkNumber } from '../support/check.js';
import { carryOutRun } from './carry-out-run.js';
import { checkExperiment } from './check-config.js';
import type { ExperimentConfig } from './config.js';
import { type DataFacts, factsOf } from './data-facts.js';
import type { DetectorFactory } from './detector-factory.js';
import { type OpenData, type OpenedData, openData } from './experiment-data.js';
import { libraryDetectors } from './library-detectors.js';
import { areaStretch, type Cell, cellsOf, type PlannedRun } from './plan.js';
import { type ExperimentWarning, RunFolder } from './run-folder.js';
import type { RunRecord } from './run-record.js';

const where = 'runExperiment';

/** What `runExperiment` is told besides the config. */
export interface RunExperimentOptions {
  /** What opens each data set of the config. */
  readonly dataSets: Readonly<Record<string, OpenData>>;
  /** Kinds of detectors beside, or in place of, `libraryDetectors`. */
  readonly detectors?: Readonly<Record<string, DetectorFactory>>;
  /** Folder of the runs' files; made when missing. Those that are there are not run again. */
  readonly out: string;
  /** Ends the experiment between two training steps; the run at hand leaves nothing. */
  readonly signal?: AbortSignal;
  /** Told after every run. */
  readonly onProgress?: (progress: ExperimentProgress) => void;
  readonly onWarning?: (warning: ExperimentWarning) => void;
  /** Ids of the runs to carry out; all unless told, none where it is empty: then what is there is read. */
  readonly only?: readonly string[];
  /**
   * Experiments on the same images that are planned together with this one, its parts say: their settings may be
   * scored after its own.
   */
  readonly plannedWith?: readonly ExperimentConfig[];
  /** Whether runs that failed are tried again; not unless told. */
  readonly retryFailed?: boolean;
  /** Carries a run out elsewhere, in a process of its own say, by a call with `only`; here unless told. */
  readonly carryOut?: (run: PlannedRun) => Promise<void>;
  /** Runs at a time; 1. More are for `carryOut` alone. */
  readonly atOnce?: number;
}

export interface ExperimentProgress {
  /** Runs of this call. */
  readonly done: number;
  readonly total: number;
  /** The one that has just ended. */
  readonly run: RunRecord;
  /** At the mean pace so far. */
  readonly secondsLeft: number;
}

/** What tables and figures are made of; JSON. */
export interface ExperimentResults {
  readonly config: ExperimentConfig;
  readonly data: Readonly<Record<string, DataFacts>>;
  /** Every place of the tables, with its run where there is one. */
  readonly cells: readonly (Omit<Cell, 'run'> & {
    readonly id: string;
    readonly run?: RunRecord;
  })[];
}

/**
 * Runs every detector on every data set with every share of known anomalies from every seed, and keeps each
 * run in a file of its own, so that an experiment that was stopped goes on where it stopped.
 *
 * A run's file is named by a hash of all that it depends on, data included. Test images are scored once,
 * after a run's settings and weights are fixed; nothing is ever chosen by them. Once a kind of detector has scored
 * them, other settings of that kind are refused unless they were planned before.
 *
 * @throws `signal.reason`; what `checkExperiment` does; TEST_SELECTION for settings that were not planned before the
 * test images were first scored; FORMAT_VERSION for a damaged plan of them; PATIENT_OVERLAP, IMAGE_OVERLAP where test, validation and
 * training images are not apart; INVALID_OPTION for a data set or kind that is not registered
 * @example
 * const results = await runExperiment(config, { dataSets: { chest: openChest }, out: 'runs' });
 * await writeFile('table.md', experimentTables(results));
 */
export async function runExperiment(
  config: ExperimentConfig,
  options: RunExperimentOptions,
): Promise<ExperimentResults> {
  checkExperiment(config);
  checkKnownOptions(where, options, [
    'dataSets',
    'detectors',
    'out',
    'signal',
    'onProgress',
    'onWarning',
    'only',
    'plannedWith',
    'retryFailed',
    'carryOut',
    'atOnce',
  ]);
  const { out, signal, only, plannedWith = [], atOnce = 1 } = options;
  plannedWith.forEach(checkExperiment);
  checkNumber(where, 'atOnce', atOnce, { min: 1, max: options.carryOut ? 1000 : 1, integer: true });
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
    // At once, since whoever comes after a kill may have other training images and so find no run of theirs.
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

/** Carries runs out, `atOnce` at a time, and tells of each. */
async function carryOutAll(
  runs: readonly PlannedRun[],
  folder: RunFolder,
  {
    carryOut,
    atOnce = 1,
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
  await Promise.all(Array.from({ length: atOnce }, worker));
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
