import { check } from '../support/check.js';
import { carryOutAll, runsLeft } from './carry-out-all.js';
import { carryOutRun } from './carry-out-run.js';
import { checkConfig } from './check-config.js';
import type { ExperimentConfig } from './config.js';
import { type DataFacts, factsOf } from './data-facts.js';
import { type OpenedData, openData } from './experiment-data.js';
import type { ExperimentResults } from './experiment-results.js';
import { areaStretch, type Cell, cellsOf, type PlannedRun } from './plan.js';
import { registeredFor } from './registered.js';
import { RunFolder } from './run-folder.js';
import { checkRunOptions, type RunExperimentOptions } from './run-options.js';

const where = 'runExperiment';

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
 * LABELS_MISMATCH, NO_LABELS, EMPTY_SET, SHAPE_MISMATCH, NOT_FINITE, INVALID_IMAGES, INVALID_RECORDS, IMAGE_UNREADABLE for data sets that are not as
 * `ExperimentData` says; WRITE_FAILED for a folder that cannot be written; the reason of `signal`
 * @example
 * const results = await runExperiment(config, { dataSets: { chest: openChest }, out: 'runs' });
 * await writeFile('table.md', experimentTables(results));
 */
export async function runExperiment(
  config: ExperimentConfig,
  options: RunExperimentOptions,
): Promise<ExperimentResults> {
  checkConfig(where, config);
  checkRunOptions(where, options);
  const { out, signal, only, plannedWith = [] } = options;
  const factoryOf = registeredFor(where, config, options);
  const folder = await RunFolder.open(out, options.onWarning);
  const opened: Record<string, OpenedData> = {};
  const data: Record<string, DataFacts> = {};
  for (const name of config.dataSets) {
    opened[name] = await openData(where, name, options.dataSets[name], signal);
    data[name] = await factsOf(opened[name], { resize: areaStretch, ...config });
    await folder.fixPlan(data[name], [config, ...plannedWith]);
    await folder.writeData(data[name]);
    signal?.throwIfAborted();
  }
  const cells = cellsOf(config, data);
  checkPlanned(only, cells);
  const here = async (run: PlannedRun) => {
    const { detector, dataSet } = run.config;
    const record = await carryOutRun(run, opened[dataSet], factoryOf(detector.kind), signal);
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
