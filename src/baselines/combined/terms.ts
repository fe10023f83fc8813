import { SaladModel } from '../../model/salad-model.js';
import {
  check,
  checkKnownOptions,
  checkList,
  checkNumber,
  checkObject,
  said,
} from '../../support/check.js';

/** Options of `combinedDetector`. */
export interface CombinedDetectorOptions {
  /**
   * Models by names of your own. Each has its own image size, `resize` and image normalisation. Those that have learnt nothing yet are
   * fitted along; the detector disposes them all.
   */
  readonly models: Readonly<Record<string, SaladModel>>;
  /**
   * The terms of the sum. `embedding` is the model's score against its bank (by its `method`), `cells` the distance of its cells, of a model
   * whose `score` is 'cells' or 'both', and `error` the reconstruction error, of one with a decoder.
   */
  readonly terms: readonly `${string}.${'embedding' | 'cells' | 'error'}`[];
  /** How often a term counts, at least 0, by its name; one of 0 is told and not added. @defaultValue 1 for each */
  readonly weights?: Readonly<Record<string, number>>;
}

/** A model by its name, a dot, and what is read: 'own.embedding' say. */
export type TermName = CombinedDetectorOptions['terms'][number];

/** A term, taken apart. */
export interface Term {
  readonly name: TermName;
  /** The name of its model. */
  readonly model: string;
  readonly reading: 'embedding' | 'cells' | 'error';
  readonly weight: number;
}

const READINGS = ['embedding', 'cells', 'error'];

/** The terms that options ask for, of models that have them. @throws INVALID_OPTION | UNKNOWN_OPTION | NO_DECODER */
export function resolveTerms(where: string, options: CombinedDetectorOptions): Term[] {
  checkObject(where, 'options', options, '{ models, terms }');
  checkKnownOptions(where, options, { models: true, terms: true, weights: true });
  const { models, terms, weights = {} } = options;
  checkModels(where, models);
  checkList(where, 'terms', terms);
  check(
    terms.length > 0,
    'INVALID_OPTION',
    () => `${where}: terms is empty; expected at least one, 'own.embedding' say.`,
  );
  checkObject(where, 'weights', weights, 'a number by the name of a term');
  const known = Object.fromEntries(Array.from(terms, (name) => [name, true as const]));
  checkKnownOptions(`${where}: weights`, weights, known);
  const resolved = Array.from(terms, (name, at) => termOf(where, name, at, options));
  check(
    new Set(terms).size === terms.length,
    'INVALID_OPTION',
    () =>
      `${where}: terms names one twice; expected each once, and how often it counts in weights.`,
  );
  check(
    resolved.some(({ weight }) => weight > 0),
    'INVALID_OPTION',
    () => `${where}: all weights are 0, so that there is no sum; set one above 0.`,
  );
  for (const name of Object.keys(models))
    check(
      resolved.some(({ model }) => model === name),
      'INVALID_OPTION',
      () =>
        `${where}: no term is of the model '${name}'; expected one, '${name}.embedding' say, or leave the model out.`,
    );
  return resolved;
}

function checkModels(where: string, models: CombinedDetectorOptions['models']): void {
  checkObject(
    where,
    'models',
    models,
    'models by name, { own: SaladModel.create({ backbone }) } say',
  );
  const all = Object.entries(models);
  check(
    all.length > 0,
    'INVALID_OPTION',
    () => `${where}: models is empty; expected at least one SaladModel.`,
  );
  for (const [name, model] of all) {
    check(
      /^[A-Za-z]\w*$/.test(name),
      'INVALID_OPTION',
      () =>
        `${where}: a model is called '${name}'; expected a letter, then letters, digits and underscores.`,
    );
    check(
      model instanceof SaladModel,
      'INVALID_OPTION',
      () => `${where}: models.${name} is ${said(model)}; expected a SaladModel.`,
    );
  }
  check(
    new Set(Object.values(models)).size === all.length,
    'INVALID_OPTION',
    () => `${where}: models has one model under two names; expected each once.`,
  );
}

function termOf(
  where: string,
  name: TermName,
  at: number,
  { models, weights = {} }: CombinedDetectorOptions,
): Term {
  const [model, reading, ...rest] = typeof name === 'string' ? name.split('.') : [];
  check(
    Object.hasOwn(models, model) && READINGS.includes(reading) && rest.length === 0,
    'INVALID_OPTION',
    () =>
      `${where}: terms[${at}] is ${said(name)}; expected a model (${Object.keys(models).join(', ')}), a dot, and ${READINGS.join(', ')}.`,
    { term: at },
  );
  const weight = weights[name] ?? 1;
  checkNumber(where, `weights['${name}']`, weight, { min: 0 });
  check(
    reading !== 'error' || models[model].backbone.decode !== undefined,
    'NO_DECODER',
    () =>
      `${where}: '${name}' needs a decoder, which the backbone of ${model} has not; leave the term out, or use a backbone with decode.`,
  );
  check(
    reading !== 'cells' || models[model].settings.score !== 'embedding',
    'INVALID_OPTION',
    () =>
      `${where}: '${name}' needs cells, which the model ${model} does not read; create it with score: 'cells' or 'both'.`,
  );
  return { name, model, reading: reading as Term['reading'], weight };
}
