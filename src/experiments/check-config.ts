import { checkResizePolicy } from '../images/resize.js';
import { check, checkChoice, checkKnownOptions, checkNumber } from '../support/check.js';
import type { AnomalyPlan, DetectorPlan, ExperimentConfig } from './config.js';

const where = 'checkExperiment';

/**
 * A config that can be run; one read from a file may be anything.
 *
 * @throws TEST_SELECTION where it asks to choose by test images; UNKNOWN_OPTION, INVALID_OPTION naming the place
 * @example
 * const config = checkExperiment(JSON.parse(await readFile('experiment.json', 'utf8')));
 */
export function checkExperiment(config: unknown): ExperimentConfig {
  check(
    typeof config === 'object' && config !== null && !Array.isArray(config),
    'INVALID_OPTION',
    () => `${where}: the config is ${JSON.stringify(config)}; expected an object.`,
  );
  checkNoTestSelection(config);
  checkKnownOptions(where, config, [
    'dataSets',
    'detectors',
    'anomalies',
    'seeds',
    'inputShape',
    'resize',
    'choices',
    'budgetSeconds',
  ]);
  const { dataSets, detectors, anomalies, seeds, inputShape, resize, choices, budgetSeconds } =
    config as ExperimentConfig;
  checkList('dataSets', dataSets);
  checkList('detectors', detectors);
  checkList('anomalies', anomalies);
  checkList('seeds', seeds);
  checkList('inputShape', inputShape);
  checkEachOnce('dataSets', dataSets);
  seeds.forEach((seed, i) => {
    checkNumber(where, `seeds[${i}]`, seed, { integer: true });
  });
  checkEachOnce('seeds', seeds);
  check(
    inputShape.length === 3,
    'INVALID_OPTION',
    () =>
      `${where}: inputShape is ${JSON.stringify(inputShape)}; expected [height, width, channels].`,
  );
  inputShape.forEach((size, i) => {
    checkNumber(where, `inputShape[${i}]`, size, { min: 1, integer: true });
  });
  detectors.forEach(checkDetector);
  checkEachOnce(
    'the names of detectors',
    detectors.map(({ name }) => name),
  );
  checkSameNumberOfSettings(detectors);
  anomalies.forEach(checkAnomalies);
  checkEachOnce(
    'anomalies',
    anomalies.map((plan) => JSON.stringify(plan)),
  );
  if (resize !== undefined) checkResizePolicy(where, resize);
  if (budgetSeconds !== undefined) checkNumber(where, 'budgetSeconds', budgetSeconds, { above: 0 });
  if (choices !== undefined) {
    checkList('choices', choices);
    for (const choice of choices)
      checkChoice(where, 'choices', choice, ['label-free', 'validation-chosen']);
    checkEachOnce('choices', choices);
  }
  return config as ExperimentConfig;
}

function checkDetector(plan: DetectorPlan, i: number): void {
  const place = `${where}: detectors[${i}]`;
  checkKnownOptions(place, plan, [
    'name',
    'kind',
    'options',
    'settings',
    'knownAnomalies',
    'readouts',
    'afterLook',
  ]);
  const { name, kind, options = {}, settings = [], knownAnomalies = 'train on', afterLook } = plan;
  for (const [key, value] of Object.entries({ name, kind })) {
    check(
      typeof value === 'string' && value !== '',
      'INVALID_OPTION',
      () => `${place}: ${key} is ${JSON.stringify(value)}; expected a name.`,
    );
  }
  checkChoice(place, 'knownAnomalies', knownAnomalies, ['train on', 'leave out', 'needed']);
  check(
    afterLook === undefined || typeof afterLook === 'boolean',
    'INVALID_OPTION',
    () => `${place}: afterLook is ${JSON.stringify(afterLook)}; expected true or false.`,
  );
  for (const setting of [options, ...settings]) {
    const owned = ['seed', 'keep', 'inputShape', 'resize'].find((key) => key in setting);
    check(
      owned === undefined,
      'INVALID_OPTION',
      () =>
        `${place}: '${owned}' is among the options of '${name}'; expected it to be left to the experiment, which gives it to every detector alike.`,
      { detector: name, option: owned },
    );
  }
}

function checkAnomalies(plan: AnomalyPlan, i: number): void {
  const place = `${where}: anomalies[${i}]`;
  checkKnownOptions(place, plan, ['ratio', 'form', 'kinds']);
  checkNumber(place, 'ratio', plan.ratio, { min: 0, max: 0.999 });
  checkChoice(place, 'form', plan.form, ['added', 'replacing']);
  if (plan.kinds !== undefined) checkList(`anomalies[${i}].kinds`, plan.kinds);
}

/** A detector that may choose among more settings would win by that alone. */
function checkSameNumberOfSettings(detectors: readonly DetectorPlan[]): void {
  const choosing = detectors.filter(({ settings }) => settings !== undefined);
  const other = choosing.find(({ settings }) => settings?.length !== choosing[0].settings?.length);
  check(
    other === undefined,
    'INVALID_OPTION',
    () =>
      `${where}: '${other?.name}' has ${other?.settings?.length} settings to choose from but '${choosing[0].name}' has ${choosing[0].settings?.length}; expected as many for every detector that has any.`,
  );
}

/** Refuses every word 'test' in the config but in names. */
function checkNoTestSelection(value: unknown, path = 'the config'): void {
  const speaks = (text: string) => /(^|[^a-z])test/i.test(text) || /Test/.test(text);
  if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'name' || key === 'dataSets' || key === 'kind') continue;
      if (!Array.isArray(value)) refuse(speaks(key), `${path} has '${key}'`);
      checkNoTestSelection(inner, `${path}.${key}`);
    }
  } else if (typeof value === 'string') {
    refuse(speaks(value), `${path} is '${value}'`);
  }
}

function refuse(found: boolean, what: string): void {
  check(
    !found,
    'TEST_SELECTION',
    () =>
      `${where}: ${what}; expected nothing to be chosen by test images: they are scored once, when all is fixed; choose by validation ('validation-chosen'), or beforehand ('label-free').`,
  );
}

function checkList(name: string, value: unknown): void {
  check(
    Array.isArray(value) && value.length > 0,
    'INVALID_OPTION',
    () => `${where}: ${name} is ${JSON.stringify(value)}; expected a list of at least one.`,
  );
}

function checkEachOnce(name: string, values: readonly (string | number)[]): void {
  const twice = values.find((value, i) => values.indexOf(value) < i);
  check(
    twice === undefined,
    'INVALID_OPTION',
    () => `${where}: ${name} has ${JSON.stringify(twice)} twice; expected each once.`,
  );
}
