import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { renamedKind } from '../baselines/renamed-kinds.js';
import { writeWhole } from '../node/write-whole.js';
import { check } from '../support/check.js';
import type { Choice, DetectorPlan, ExperimentConfig } from './config.js';
import type { DataFacts } from './data-facts.js';
import { canonicalJson, hashOf } from './identity.js';
import { areaStretch, type RunConfig } from './plan.js';
import type { RunRecord } from './run-record.js';

/**
 * What may be scored on some test images, by kind of detector; JSON. Names play no part: a detector under another name
 * is the same detector.
 */
interface LookPlan {
  readonly formatVersion: 1;
  readonly kinds: Record<string, PlannedKind>;
}

interface PlannedKind {
  /** Whether test images were scored by one of the kind: from then on nothing is added. */
  looked: boolean;
  /** Hashes of settings, sorted. */
  planned: string[];
}

const both: readonly Choice[] = ['label-free', 'validation-chosen'];

/**
 * Fixes what the experiments plan to score on the test images, and refuses what the first of them plans for a kind of
 * detector whose scores were there before.
 *
 * Without it a setting could be chosen by test scores: by running one setting after another, each as a test.
 *
 * @param path file of the plan; made when missing, from the runs that are there
 * @param runs of the same data
 * @throws TEST_SELECTION; FORMAT_VERSION for a file that is not such a plan
 */
export async function fixPlan(
  path: string,
  { name, hash, test }: DataFacts,
  runs: readonly RunRecord[],
  experiments: readonly ExperimentConfig[],
): Promise<void> {
  const own = experiments.filter(({ dataSets }) => dataSets.includes(name));
  const { isNew, kinds } = await readPlan(path);
  const before = canonicalJson(kinds);
  const kindOf = (kind: string) => {
    kinds[kind] ??= { looked: false, planned: [] };
    return kinds[kind];
  };
  const add = (kind: string, keys: readonly string[]) => {
    const found = kindOf(kind);
    found.planned = [...new Set([...found.planned, ...keys])].sort();
  };
  const late = new Set(own.flatMap((one) => planned(one, both, true).flatMap(({ keys }) => keys)));
  for (const { config, status } of runs.filter((run) => run.config.dataHash === hash)) {
    const keys = keysOf(config).filter((key) => !late.has(key));
    const kind = renamedKind(config.detector.kind);
    if (isNew) add(kind, keys);
    if (status === 'done') kindOf(kind).looked = true;
  }
  for (const experiment of own)
    for (const { kind, keys } of planned(experiment, both))
      if (!kindOf(kind).looked) add(kind, keys);
  for (const { kind, detector, keys } of own[0] ? planned(own[0], own[0].choices ?? both) : [])
    check(
      keys.every((key) => kinds[kind].planned.includes(key)),
      'TEST_SELECTION',
      () =>
        `runExperiment: '${detector}' has options, settings, read-outs or sizes that were not planned when the test images of '${name}' were first scored by the kind '${kind}'; expected those of the config of then, under whatever name; choose by validation images, or test on others, or set afterLook: true, which the tables will say.`,
      { dataSet: name, detector, kind, test: test.hash },
    );
  if (!isNew && canonicalJson(kinds) === before) return;
  const text = `${JSON.stringify({ formatVersion: 1, kinds } satisfies LookPlan)}\n`;
  await writeWhole(path, [new TextEncoder().encode(text)]);
}

/** A plan that cannot be read is no missing one: what it says may be in no run that is there. */
async function readPlan(path: string): Promise<{ isNew: boolean; kinds: LookPlan['kinds'] }> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  if (text === '') return { isNew: true, kinds: {} };
  const plan = parsed(text);
  check(
    plan?.formatVersion === 1,
    'FORMAT_VERSION',
    () =>
      `runExperiment: '${basename(path)}' has format ${plan?.formatVersion ?? 'none'}; expected a plan of format 1; bring it back from a copy, or delete it, and it is made anew from the runs beside it.`,
    { got: plan?.formatVersion, expected: 1 },
  );
  const renamed = Object.entries(plan.kinds).map(([kind, one]) => [renamedKind(kind), one]);
  return { isNew: false, kinds: Object.fromEntries(renamed) };
}

function parsed(text: string): LookPlan | undefined {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

/** What an experiment plans in columns of choice; that which is told to come after a look, or all else. */
function planned(
  { detectors, inputShape, resize = areaStretch, budgetSeconds }: ExperimentConfig,
  choices: readonly Choice[],
  afterLook = false,
) {
  return detectors
    .filter((detector) => (detector.afterLook ?? false) === afterLook)
    .flatMap((detector) =>
      choices.map((choice) => ({
        kind: renamedKind(detector.kind),
        detector: detector.name,
        keys: keysOf({ detector, inputShape, resize, budgetSeconds, choice }),
      })),
    );
}

/** Of all that could be chosen by a look, one for each read-out; data, ratios and seeds are no settings. */
function keysOf({
  detector: { options = {}, settings, knownAnomalies = 'train on', readouts = [] },
  inputShape,
  resize,
  budgetSeconds,
  choice,
}: Pick<RunConfig, 'inputShape' | 'resize' | 'budgetSeconds' | 'choice'> & {
  readonly detector: DetectorPlan;
}): string[] {
  const chosen = choice === 'validation-chosen' ? { settings } : {};
  const shared = { options, ...chosen, knownAnomalies, inputShape, resize, budgetSeconds, choice };
  return ['score', ...readouts].map((readout) => hashOf({ ...shared, readout }));
}
