import { checkResizePolicy } from '../images/resize.js';
import { check, checkChoice, checkKnownOptions, checkNumber } from '../support/check.js';
import type { AnomalyPlan, DetectorPlan, ExperimentConfig } from './config.js';

/**
 * Checks that a config can be run; one read from a file may be anything.
 *
 * @param config an `ExperimentConfig`, or what was meant to be one
 * @returns the same object
 * @throws TEST_SELECTION where it asks to choose by test images; UNKNOWN_OPTION, INVALID_OPTION naming the entry
 * @example
 * const config = checkExperiment(JSON.parse(await readFile('experiment.json', 'utf8')));
 */
export function checkExperiment(config: unknown): ExperimentConfig {
  return checkConfig('checkExperiment', config);
}

/** `checkExperiment` for the public call `where`. */
export function checkConfig(where: string, config: unknown): ExperimentConfig {
  check(
    typeof config === 'object' && config !== null && !Array.isArray(config),
    'INVALID_OPTION',
    () => `${where}: the config is ${JSON.stringify(config)}; expected an object.`,
  );
  checkNoTestSelection(where, config);
  checkKnownOptions<ExperimentConfig>(where, config as ExperimentConfig, {
    dataSets: true,
    detectors: true,
    anomalies: true,
    seeds: true,
    inputShape: true,
    resize: true,
    choices: true,
    budgetSeconds: true,
  });
  const { dataSets, detectors, anomalies, seeds, inputShape, resize, choices, budgetSeconds } =
    config as ExperimentConfig;
  checkList(where, 'dataSets', dataSets);
  checkList(where, 'detectors', detectors);
  checkList(where, 'anomalies', anomalies);
  checkList(where, 'seeds', seeds);
  checkList(where, 'inputShape', inputShape);
  checkEachOnce(where, 'dataSets', dataSets);
  seeds.forEach((seed, i) => {
    checkNumber(where, `seeds[${i}]`, seed, { integer: true });
  });
  checkEachOnce(where, 'seeds', seeds);
  check(
    inputShape.length === 3,
    'INVALID_OPTION',
    () =>
      `${where}: inputShape is ${JSON.stringify(inputShape)}; expected [height, width, channels].`,
  );
  inputShape.forEach((size, i) => {
    checkNumber(where, `inputShape[${i}]`, size, { min: 1, integer: true });
  });
  detectors.forEach((plan, i) => {
    checkDetector(`${where}: detectors[${i}]`, plan);
  });
  checkEachOnce(
    where,
    'the names of detectors',
    detectors.map(({ name }) => name),
  );
  checkSameNumberOfSettings(where, detectors);
  anomalies.forEach((plan, i) => {
    checkAnomalies(`${where}: anomalies[${i}]`, plan);
  });
  checkEachOnce(
    where,
    'anomalies',
    anomalies.map((plan) => JSON.stringify(plan)),
  );
  if (resize !== undefined) checkResizePolicy(where, resize);
  if (budgetSeconds !== undefined) checkNumber(where, 'budgetSeconds', budgetSeconds, { above: 0 });
  if (choices !== undefined) {
    checkList(where, 'choices', choices);
    for (const choice of choices)
      checkChoice(where, 'choices', choice, ['labelFree', 'validationChosen']);
    checkEachOnce(where, 'choices', choices);
  }
  return config as ExperimentConfig;
}

function checkDetector(place: string, plan: DetectorPlan): void {
  checkKnownOptions(place, plan, {
    name: true,
    kind: true,
    options: true,
    settings: true,
    knownAnomalies: true,
    scoreMethods: true,
    afterEvaluation: true,
  });
  const {
    name,
    kind,
    options = {},
    settings = [],
    knownAnomalies = 'trainOn',
    afterEvaluation,
  } = plan;
  for (const [key, value] of Object.entries({ name, kind })) {
    check(
      typeof value === 'string' && value !== '',
      'INVALID_OPTION',
      () => `${place}: ${key} is ${JSON.stringify(value)}; expected a name.`,
    );
  }
  checkChoice(place, 'knownAnomalies', knownAnomalies, ['trainOn', 'leaveOut', 'needed']);
  check(
    afterEvaluation === undefined || typeof afterEvaluation === 'boolean',
    'INVALID_OPTION',
    () =>
      `${place}: afterEvaluation is ${JSON.stringify(afterEvaluation)}; expected true or false.`,
  );
  check(
    Array.isArray(settings),
    'INVALID_OPTION',
    () => `${place}: settings is ${JSON.stringify(settings)}; expected a list of options.`,
  );
  [options, ...settings].forEach((setting, i) => {
    const entry = i === 0 ? 'options' : `settings[${i - 1}]`;
    check(
      typeof setting === 'object' && setting !== null && !Array.isArray(setting),
      'INVALID_OPTION',
      () => `${place}: ${entry} is ${JSON.stringify(setting)}; expected an object.`,
    );
    const owned = ['seed', 'keep', 'inputShape', 'resize'].find((key) => key in setting);
    check(
      owned === undefined,
      'INVALID_OPTION',
      () =>
        `${place}: '${owned}' is among the options of '${name}'; expected it to be left to the experiment, which sets it for every detector alike; leave it out.`,
      { detector: name, option: owned },
    );
  });
}

function checkAnomalies(place: string, plan: AnomalyPlan): void {
  checkKnownOptions(place, plan, { ratio: true, form: true, findings: true });
  checkNumber(place, 'ratio', plan.ratio, { min: 0, max: 0.999 });
  checkChoice(place, 'form', plan.form, ['added', 'replacing']);
  if (plan.findings !== undefined) checkList(place, 'findings', plan.findings);
}

/** A detector that may choose among more settings would win by that alone. */
function checkSameNumberOfSettings(where: string, detectors: readonly DetectorPlan[]): void {
  const choosing = detectors.filter(({ settings }) => settings !== undefined);
  const other = choosing.find(({ settings }) => settings?.length !== choosing[0].settings?.length);
  check(
    other === undefined,
    'INVALID_OPTION',
    () =>
      `${where}: '${other?.name}' has ${other?.settings?.length} settings to choose from but '${choosing[0].name}' has ${choosing[0].settings?.length}; expected as many for every detector that has any; add settings to one, or take some from the other.`,
  );
}

/** Refuses every word 'test' in the config but in names. */
function checkNoTestSelection(where: string, value: unknown, path = 'the config'): void {
  const speaks = (text: string) => /(^|[^a-z])test/i.test(text) || /Test/.test(text);
  if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'name' || key === 'dataSets' || key === 'kind') continue;
      if (!Array.isArray(value)) refuse(where, speaks(key), `${path} has '${key}'`);
      checkNoTestSelection(where, inner, `${path}.${key}`);
    }
  } else if (typeof value === 'string') {
    refuse(where, speaks(value), `${path} is '${value}'`);
  }
}

function refuse(where: string, found: boolean, what: string): void {
  check(
    !found,
    'TEST_SELECTION',
    () =>
      `${where}: ${what}; expected nothing to be chosen by test images: they are scored once, when everything is fixed; choose by validation ('validationChosen'), or beforehand ('labelFree').`,
  );
}

function checkList(where: string, name: string, value: unknown): void {
  check(
    Array.isArray(value) && value.length > 0,
    'INVALID_OPTION',
    () => `${where}: ${name} is ${JSON.stringify(value)}; expected a list of at least one.`,
  );
}

function checkEachOnce(where: string, name: string, values: readonly (string | number)[]): void {
  const twice = values.find((value, i) => values.indexOf(value) < i);
  check(
    twice === undefined,
    'INVALID_OPTION',
    () => `${where}: ${name} has ${JSON.stringify(twice)} twice; expected each once.`,
  );
}
