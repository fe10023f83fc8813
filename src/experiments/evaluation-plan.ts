import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { writeWhole } from '../node/write-whole.js';
import { canonicalJson } from '../support/canonical-json.js';
import { check } from '../support/check.js';
import { aText, fields, listOf, oneOf, optional, valuesOf } from '../support/json-rules.js';
import type { Choice, DetectorPlan, ExperimentConfig } from './config.js';
import type { DataFacts } from './data-facts.js';
import { hashOf } from './identity.js';
import { areaStretch } from './plan.js';
import type { RunConfig } from './run-config.js';
import type { RunRecord } from './run-record.js';
import { storedOptions, storedWord } from './stored-words.js';

/**
 * What may be evaluated on some test images, by kind of detector; JSON. Names play no part: a detector under another name
 * is the same detector.
 */
interface EvaluationPlan {
  readonly formatVersion: 1;
  /** By kind, in the word of version 0.1. */
  readonly kinds: Record<string, PlannedKind>;
}

interface PlannedKind {
  /** Whether test images were scored by one of the kind: from then on nothing is added. `looked` in files of version 0.1. */
  evaluated: boolean;
  /** Hashes of settings, sorted. */
  planned: string[];
}

const both: readonly Choice[] = ['labelFree', 'validationChosen'];

/**
 * Fixes what the experiments plan to evaluate on the test images, and refuses what the first of them plans for a kind of
 * detector whose test scores were there before.
 *
 * Without it a setting could be chosen by test scores: by running one setting after another, each as an evaluation.
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
    const word = storedWord(kind);
    kinds[word] ??= { evaluated: false, planned: [] };
    return kinds[word];
  };
  const add = (kind: string, keys: readonly string[]) => {
    const found = kindOf(kind);
    found.planned = [...new Set([...found.planned, ...keys])].sort();
  };
  const late = new Set(own.flatMap((one) => planned(one, both, true).flatMap(({ keys }) => keys)));
  for (const { config, status } of runs.filter((run) => run.config.dataHash === hash)) {
    const keys = keysOf(config).filter((key) => !late.has(key));
    if (isNew) add(config.detector.kind, keys);
    if (status === 'done') kindOf(config.detector.kind).evaluated = true;
  }
  for (const experiment of own)
    for (const { kind, keys } of planned(experiment, both))
      if (!kindOf(kind).evaluated) add(kind, keys);
  for (const { kind, detector, keys } of own[0] ? planned(own[0], own[0].choices ?? both) : [])
    check(
      keys.every((key) => kindOf(kind).planned.includes(key)),
      'TEST_SELECTION',
      () =>
        `runExperiment: '${detector}' has options, settings, score methods or sizes that were not planned when the test images of '${name}' were first scored by the kind '${kind}'; expected those of the config of then, under whatever name; choose by validation images, or test on others, or set afterEvaluation: true, which the tables will say.`,
      { dataSet: name, detector, kind, test: test.hash },
    );
  // What says the same stays as it is, in whatever words.
  if (!isNew && canonicalJson(kinds) === before) return;
  const text = JSON.stringify({ formatVersion: 1, kinds } satisfies EvaluationPlan);
  // Runs that go on at once write the same file, each from a place of its own.
  await writeWhole(
    'runExperiment',
    path,
    [new TextEncoder().encode(`${text}\n`)],
    `${path}.${randomUUID()}.partial`,
  );
}

const truth = oneOf(true, false);
const planRule = fields({
  kinds: valuesOf(
    fields({ evaluated: optional(truth), looked: optional(truth), planned: listOf(aText) }),
  ),
});

/** A plan that cannot be read is no missing one: what it says may be in no run that is there. */
async function readPlan(path: string): Promise<{ isNew: boolean; kinds: EvaluationPlan['kinds'] }> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return { isNew: true, kinds: {} };
  const plan = parsed(text);
  check(
    plan?.formatVersion === 1,
    'FORMAT_VERSION',
    () =>
      `runExperiment: '${basename(path)}' has format ${plan?.formatVersion ?? 'none'}; expected a plan of format 1; bring it back from a copy, or delete it, and it is made anew from the runs beside it.`,
    { got: plan?.formatVersion, expected: 1 },
  );
  const wrong = planRule(plan, '');
  check(
    wrong === undefined,
    'FORMAT_VERSION',
    () =>
      `runExperiment: '${basename(path)}' is no plan: ${wrong}; bring it back from a copy, or delete it, and it is made anew from the runs beside it.`,
  );
  const entries = Object.entries(plan.kinds as Record<string, PlannedKind & { looked?: boolean }>);
  return {
    isNew: false,
    kinds: Object.fromEntries(
      entries.map(([kind, { looked = false, evaluated = looked, planned }]) => [
        storedWord(kind),
        { evaluated, planned },
      ]),
    ),
  };
}

function parsed(text: string): EvaluationPlan | undefined {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

/** What an experiment plans for some choices; that which is said to come after an evaluation, or all else. */
function planned(
  { detectors, inputShape, resize = areaStretch, budgetSeconds }: ExperimentConfig,
  choices: readonly Choice[],
  afterEvaluation = false,
) {
  return detectors
    .filter((detector) => (detector.afterEvaluation ?? false) === afterEvaluation)
    .flatMap((detector) =>
      choices.map((choice) => ({
        kind: detector.kind,
        detector: detector.name,
        keys: keysOf({ detector, inputShape, resize, budgetSeconds, choice }),
      })),
    );
}

/** Of all that could be chosen by test scores, one for each score method; data, ratios and seeds are no settings. */
function keysOf({
  detector: { options = {}, settings, knownAnomalies = 'trainOn', scoreMethods = [] },
  inputShape,
  resize,
  budgetSeconds,
  choice,
}: Pick<RunConfig, 'inputShape' | 'resize' | 'budgetSeconds' | 'choice'> & {
  readonly detector: DetectorPlan;
}): string[] {
  const chosen = choice === 'validationChosen' ? { settings: storedOptions(settings) } : {};
  const shared = {
    options: storedOptions(options),
    ...chosen,
    knownAnomalies: storedWord(knownAnomalies),
    inputShape,
    resize,
    budgetSeconds,
    choice: storedWord(choice),
  };
  return ['score', ...scoreMethods].map((method) =>
    hashOf({ ...shared, readout: storedWord(method) }),
  );
}
